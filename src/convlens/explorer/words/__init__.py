"""What the explorer says; the page's template and its scripts read the same texts. Must not know pages.

Text is never HTML.
"""

from pathlib import Path
from typing import Final

from convlens.words import Table, Words, words_of

__all__ = ["WORDS", "words_in"]

WORDS: Final = Table("the explorer", Path(__file__).parent)
"""Language → key → text."""


def words_in(lang: str) -> Words:
    """Return what says the explorer's texts in a language."""
    return words_of(WORDS, lang)
