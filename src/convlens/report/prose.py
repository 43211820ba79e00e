"""An author's Markdown as a part of the page: a small, safe part of it. Must not know where it stands.

Paragraphs, lists, **bold**, *italic*, `code`, blocks of code, quotations, and links to http(s) addresses.
Everything else, HTML and pictures among it, stays the text that it is.
"""

import re
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

__all__ = ["prose"]

_RULES = (
    "backticks", "blockquote", "emphasis", "entity", "escape", "fence", "link", "list", "newline",
)  # fmt: skip


def prose(text: str) -> Markup:
    r"""Return a text as HTML.

    >>> prose("*so* <b>it</b> is")
    Markup('<p><em>so</em> &lt;b&gt;it&lt;/b&gt; is</p>\n')
    """
    return Markup(_parser().render(text))  # noqa: S704 (rendered without any HTML of the text's own)


@cache
def _parser() -> MarkdownIt:
    return _Parser("zero", {"html": False, "maxNesting": 20}).enable(list(_RULES))


class _Parser(MarkdownIt):
    """Markdown whose links lead to the web only."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the parser's name)
        """Say whether an address is one of the web: no script, no file, no picture in disguise."""
        return re.match(r"https?://[^\s/]", url, re.IGNORECASE) is not None
