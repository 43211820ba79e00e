"""What the commands say besides errors and help, which are English. Must not know the commands."""

import codecs
import sys
from pathlib import Path
from typing import Final

from convlens.cli import say_at_the_end
from convlens.notices import TEXTS, say_in
from convlens.words import LANGUAGES, Table, Words, language, words_of
from convlens.words.languages import speak

__all__ = ["WORDS", "spoken", "words_in"]

WORDS: Final = Table("the commands", Path(__file__).parent)
"""Language → key → text."""

_AT_THE_END = ("interrupted", "terminated", "goes_on")


def words_in(lang: str) -> Words:
    """Return the commands' words in a language."""
    return words_of(WORDS, lang, is_set=False)


def spoken(lang: str | None) -> Words:
    """Return the words that a command says: of the language asked for, or the locale's.

    English where a stream has no letters for it: a row of question marks tells nobody anything.

    Raises:
        UsageError: there is no such language.
    """
    chosen = language(lang)
    words = words_in(chosen if _can_be_shown(chosen) else LANGUAGES[0])
    speak(words.lang)
    encoding = _known(getattr(sys.stderr, "encoding", None) or "utf-8")
    say_at_the_end({one: words[f"end.{one}"].encode(encoding, "replace") for one in _AT_THE_END})
    say_in({key: words[f"notice.{key}"] for key in TEXTS})
    return words


def _known(encoding: str) -> str:
    """Return an encoding that there is."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        return "ascii"
    return encoding


def _can_be_shown(lang: str) -> bool:
    """Say whether both streams have the letters of a language."""
    if lang == LANGUAGES[0]:
        return True
    letters = "".join(
        sorted({letter for text in WORDS[lang].values() for letter in text if letter.isalpha()})
    )
    for stream in (sys.stdout, sys.stderr):
        try:
            letters.encode(getattr(stream, "encoding", None) or "utf-8")
        except (LookupError, UnicodeEncodeError):
            return False
    return True
