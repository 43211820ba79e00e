"""What the doctor says of hand-written layers. Must not know how it found out."""

from pathlib import Path
from typing import Final

from convlens.words import Table, Words, words_of

__all__ = ["WORDS", "words_in"]

WORDS: Final = Table("the check of layers", Path(__file__).parent)
"""Language → key → text."""


def words_in(lang: str) -> Words:
    """Return the doctor's words in a language.

    Raises:
        UsageError: there is no such language; the message lists those that there are.
    """
    return words_of(WORDS, lang, is_set=False)
