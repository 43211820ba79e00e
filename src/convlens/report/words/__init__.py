"""What the report's page says, a folder a part of the page. Must not know pages. Text is never HTML."""

from pathlib import Path
from typing import Final

from convlens.words import Table, Words, words_of

__all__ = ["WORDS", "words_in"]

WORDS: Final = Table("the report", Path(__file__).parent)
"""Language → key → text."""


def words_in(lang: str) -> Words:
    """Return what says the report's texts in a language."""
    return words_of(WORDS, lang)
