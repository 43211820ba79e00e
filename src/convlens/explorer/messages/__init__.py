"""What the explorer says, in every language. Must not know pages.

One table of plain text a language, all with the same keys and the same {braces}; a test compares them. The
template and the page's scripts read the same table. A new language is a new table and its line in
`LANGUAGES`. Text is never HTML.
"""

from collections.abc import Callable, Mapping
from typing import Final

from convlens.explorer.messages import english, japanese, korean

__all__ = ["LANGUAGES", "say_in"]

LANGUAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": english.MESSAGES,
    "ko": korean.MESSAGES,
    "ja": japanese.MESSAGES,
}
"""Language → key → text."""


def say_in(lang: str) -> Callable[..., str]:
    """Return the function that gives a language's text for a key, its braces filled in."""
    table = LANGUAGES[lang]

    def say(key: str, **values: str) -> str:
        return table[key].format(**values) if values else table[key]

    return say
