"""Every word in the pictures. Must not know fonts or pictures.

A text with {braces} is filled in by the picture that uses it.
"""

from pathlib import Path
from typing import Final

from convlens.runs.data import COLOURS
from convlens.words import Table, Words, counted, words_of

__all__ = ["WORDS", "by", "channel_of", "counted", "words_in"]

WORDS: Final = Table("the pictures", Path(__file__).parent)
"""Language → key → text."""


def words_in(lang: str) -> Words:
    """Return the pictures' words in a language.

    Raises:
        UsageError: there is no such language; the message lists those that there are.
    """
    return words_of(WORDS, lang, is_set=False)


def channel_of(words: Words, number: int, channel: int, *, coloured: bool) -> str:
    """Name a filter, by its number from 1, and one of its input channels, from 0: by its colour or number."""
    if coloured:
        return words["comma"].join([str(number), words[COLOURS[channel]]])
    return words["filter_and_channel"].format(filter=number, channel=channel + 1)


def by(height: int, width: int) -> str:
    """Write a size as it is written in pictures, height first."""
    return f"{height}\N{MULTIPLICATION SIGN}{width}"
