"""What the explorer says; the page's template and its scripts read the same texts. Must not know pages.

Text is never HTML.
"""

from pathlib import Path
from typing import Final

from convlens.words import Table, Words, words_of

__all__ = ["WORDS", "words_about", "words_in"]

WORDS: Final = Table("the explorer", Path(__file__).parent)
"""Language → key → text."""


_DIGITS = "_digits"
"""How a key ends whose text takes another one's place where pictures are of digits."""


def words_about(lang: str, *, digits: bool) -> Words:
    """Return what says the explorer's texts about digits, or about pictures of anything."""
    texts = WORDS[lang]
    plain = [key for key in texts if not key.endswith(_DIGITS)]
    chosen = {key: key + _DIGITS if digits and key + _DIGITS in texts else key for key in plain}
    return Words({key: texts[name] for key, name in chosen.items()}, lang)


def words_in(lang: str) -> Words:
    """Return what says the explorer's texts in a language."""
    return words_of(WORDS, lang)
