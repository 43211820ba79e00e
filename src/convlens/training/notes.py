"""One line that a Trainer says about a training: an English text that knows itself in every language.

Must not know who hears it.
"""

from typing import Any, Self

from convlens.training.words import words_in
from convlens.words import LANGUAGES

__all__ = ["Note"]


class Note(str):
    """A line in English, as callbacks hear it; `told` says it in another language.

    It is a text like any other, also on its way from one process to another.

    Attributes:
        key: of its text.
        values: what fills the text's braces.
    """

    __slots__ = ("key", "values")
    key: str
    values: dict[str, str]

    def __new__(cls, key: str, **values: str) -> Self:
        """Return the note with this key of the Trainer's texts."""
        note = super().__new__(cls, words_in(LANGUAGES[0])(key, **values))
        note.key, note.values = key, values
        return note

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.key, self.values)

    def told(self, lang: str) -> str:
        """Return it in a language.

        Raises:
            UsageError: there is no such language; the message lists those that there are.
        """
        return words_in(lang)(self.key, **self.values)


def _again(key: str, values: dict[str, str]) -> Note:
    return Note(key, **values)
