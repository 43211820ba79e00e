"""The texts of one language with its way to write numbers: what a page says things with."""

import re
from collections.abc import Iterator, Mapping, Sequence

from convlens.numerals import digits_for
from convlens.words.shared import FORMATS
from convlens.words.table import Table, filled

__all__ = ["Words", "words_of"]

_SPACE, _JOINER = "\N{NO-BREAK SPACE}", "\N{WORD JOINER}"
_WITHIN_A_WORD = re.compile(r"(?<=[%)\]])(?=[\uac00-\ud7a3])|(?<=[\uac00-\ud7a3])(?=[(\[])")  # of Korean


class Words(Mapping[str, str]):
    """The texts of one language: `say("page.title", data="MNIST")`, and how it writes numbers.

    As a mapping it gives the texts as they stand in the file, and the ways to write numbers of every room.

    Args:
        texts: key → text.
        lang: one of `LANGUAGES`.
        is_set: whether what is said is set in lines of any width, as on a page: then signs are held to the
            words that they belong to. In a picture and in a terminal lines are what they are.
    """

    def __init__(self, texts: Mapping[str, str], lang: str, *, is_set: bool = True) -> None:
        self.lang = lang
        self._is_set = is_set
        self._texts = texts
        self._formats = FORMATS[lang]

    def __getitem__(self, key: str) -> str:
        if key in self._formats and key not in self._texts:
            return self._formats[key]
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __call__(self, key: str, **values: int | str) -> str:
        """Return a text with its braces filled in.

        Args:
            key: its name; where the language tells one from many, the form for one is taken for `n` = 1.
            **values: integers are written with separators; other numbers come as text already.
        """
        return self.glued(filled(self._texts, key, values))

    def glued(self, text: str) -> str:
        """Return a text in which no line breaks before a percent sign, or at a sign in a Korean word."""
        if not self._is_set:
            return text
        return _WITHIN_A_WORD.sub(_JOINER, text.replace(" %", f"{_SPACE}%"))

    def percent(self, share: float, digits: int = 1) -> str:
        """Write a share from 0 to 1: 95.7 %."""
        return self.glued(self._format("percent", number=f"{100 * share:.{digits}f}"))

    def accuracy(self, share: float, n_images: int) -> str:
        """Write an accuracy that was measured on `n_images` pictures with the digits that these can carry."""
        return self.percent(share, digits_for(n_images))

    def confidence(self, probability: float) -> str:
        """Write how sure a network is of an answer: never 100.0 %, which would only be rounded."""
        return f"> {self.percent(0.999)}" if probability >= 0.9995 else self.percent(probability)

    def percents(self, low: float, high: float, digits: int = 1) -> str:
        """Write shares from `low` to `high`: 94.3 to 96.8 %."""
        return self._span(f"{100 * low:.{digits}f}", self.percent(high, digits))

    def points(self, difference: float, digits: int = 1) -> str:
        """Write a difference of shares with its sign: +0.5."""
        rounded = round(100 * difference, digits)
        return f"{rounded:+.{digits}f}".replace("-", "\N{MINUS SIGN}") if rounded else f"{0:.{digits}f}"

    def point_span(self, low: float, high: float, digits: int = 1) -> str:
        """Write differences of shares from `low` to `high`: -1.2 to +2.2."""
        return self._span(self.points(low, digits), self.points(high, digits))

    def counts(self, numbers: Sequence[int]) -> str:
        """Write the lowest and the highest of some counts, or the one that they all are."""
        low, high = min(numbers), max(numbers)
        return f"{low:,}" if low == high else self._span(f"{low:,}", f"{high:,}")

    def listing(self, items: Sequence[str]) -> str:
        """Write items one after the other: a, b and c."""
        if len(items) < 2:
            return "".join(items)
        return self._format("listing", most=self.series(items[:-1]), last=items[-1])

    def series(self, items: Sequence[str]) -> str:
        """Write items one after the other that go on: a, b, c."""
        return self._format("comma").join(items)

    def duration(self, seconds: float) -> str:
        """Write a time to the second below an hour, to the minute from there on."""
        if seconds < 59.5:
            return self._format("seconds", seconds=f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}")
        minutes, rest = divmod(round(seconds), 60)
        if minutes < 60:
            return self._format("minutes", minutes=minutes, seconds=rest)
        hours, minutes = divmod(minutes, 60)
        return self._format("hours", hours=hours, minutes=minutes)

    def _span(self, low: str, high: str) -> str:
        return self._format("span", low=low, high=high)

    def _format(self, key: str, **values: int | str) -> str:
        return filled(self._formats, key, values)


def words_of(table: Table, lang: str, *, is_set: bool = True) -> Words:
    """Return the words of a room in a language, as `Words` has them.

    Raises:
        UsageError: there is no such language; the message lists those that there are.
    """
    return Words(table[lang], lang, is_set=is_set)
