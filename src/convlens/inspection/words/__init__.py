"""Every word in the pictures, in every language. Must not know fonts or pictures.

A text with {braces} is filled in by the picture that uses it. All languages have the same names and the
same braces; a test compares them. A new language is a new table and its line in `WORDS`.
"""

from collections.abc import Mapping
from typing import Final

from convlens.errors import UsageError, shown
from convlens.inspection.words import english, japanese, korean

__all__ = ["WORDS", "by", "counted", "words_in"]

WORDS: Final[dict[str, dict[str, str]]] = {"en": english.WORDS, "ko": korean.WORDS, "ja": japanese.WORDS}
"""Language → name → text."""


def words_in(lang: str) -> Mapping[str, str]:
    """Return the table of a language.

    Raises:
        UsageError: there is no such language; the message lists those that there are.
    """
    if lang not in WORDS:
        raise UsageError(f"`lang` of a picture must be one of {', '.join(WORDS)}. Got {shown(lang)}.")
    return WORDS[lang]


def counted(words: Mapping[str, str], thing: str, n: int) -> str:
    """Say how many "seeds", "epochs" or "filters" there are: one seed is said as one seed."""
    return words[f"{thing}_1" if n == 1 else f"{thing}_n"].format(n=n)


def by(height: int, width: int) -> str:
    """Write a size as it is written in pictures, height first."""
    return f"{height}\N{MULTIPLICATION SIGN}{width}"
