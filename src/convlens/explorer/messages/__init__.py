"""What the explorer says, in every language. Must not know pages.

One table of plain text a language, all with the same keys and the same {braces}; a test compares them. The
template and the page's scripts read the same table. A new language is a new table and its line in
`LANGUAGES`. Text is never HTML.
"""

import os
import re
from collections.abc import Callable, Mapping
from typing import Final

from convlens.errors import UsageError
from convlens.explorer.messages import english, japanese, korean

__all__ = ["LANGUAGES", "language", "say_in"]

LANGUAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": english.MESSAGES,
    "ko": korean.MESSAGES,
    "ja": japanese.MESSAGES,
}
"""Language → key → text."""


def language(lang: str | None = None) -> str:
    """Return the language of the page: the one that is asked for, or the locale's, or English.

    Args:
        lang: such as "ja", "ko-KR" or "ko_KR.UTF-8"; None to ask the locale.

    Raises:
        UsageError: there is no such language; the message lists those that there are.
    """
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    asked = lang if lang is not None else next((name for name in names if name), "")
    code = re.split(r"[-_.@]", asked.strip().lower())[0]
    if code in LANGUAGES:
        return code
    if lang is None:
        return "en"
    raise UsageError(f"`lang` must be one of {', '.join(LANGUAGES)}. Got {lang!r}.")


def say_in(lang: str) -> Callable[..., str]:
    """Return the function that gives a language's text for a key, its braces filled in."""
    table = LANGUAGES[lang]

    def say(key: str, **values: str) -> str:
        return table[key].format(**values) if values else table[key]

    return say
