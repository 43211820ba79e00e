"""What the page says, in every language. Must not know pages.

One table of plain text a language, a file a part of the page, all with the same keys and the same {braces};
a test compares them.
A new language is a new table and its line in `LANGUAGES`. Text is never HTML.
"""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from convlens.errors import UsageError, shown
from convlens.numerals import percent
from convlens.report.messages import english, japanese, korean

__all__ = ["LANGUAGES", "Messages", "language"]

LANGUAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": english.MESSAGES,
    "ko": korean.MESSAGES,
    "ja": japanese.MESSAGES,
}
"""Language → key → text."""

_DEFAULT = "en"
_SPACE = "\N{NO-BREAK SPACE}"


def language(lang: str | None = None) -> str:
    """Return the language of the page: the one that is asked for, or the locale's, or English.

    Args:
        lang: such as "ko", "ko-KR" or "ko_KR.UTF-8"; None to ask the locale.

    Raises:
        UsageError: there is no such language; the message lists those that there are.
    """
    code = _code(lang if lang is not None else _locale())
    if code in LANGUAGES:
        return code
    if lang is None:
        return _DEFAULT
    raise UsageError(f"`lang` must be one of {', '.join(LANGUAGES)}. Got {shown(lang)}.")


def _code(name: str) -> str:
    return re.split(r"[-_.@]", name.strip().lower())[0]


def _locale() -> str:
    """Return the name of the user's locale, or "" where there is none."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if not named and sys.platform == "win32":
        import ctypes  # noqa: PLC0415 (only there)
        import locale  # noqa: PLC0415

        named = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return named


class Messages:
    """The texts of one language, and its way to write numbers.

    Args:
        lang: one of `LANGUAGES`.

    >>> Messages("en")("status.missing", n=1, all=6)
    '1 of 6 runs is in; the rest follow. This page is written anew as they finish.'
    """

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._table = LANGUAGES[lang]

    def __call__(self, key: str, **values: int | str) -> str:
        """Return a text with its braces filled in.

        Args:
            key: its name; where the language tells one from many, `key` + ".one" is taken for `n` = 1.
            **values: integers are written with separators; other numbers come as text already.
        """
        one = f"{key}.one"
        text = self._table[one if values.get("n") == 1 and one in self._table else key]
        written = {name: f"{v:,}" if isinstance(v, int) else v for name, v in values.items()}
        return text.format(**written).replace(" %", f"{_SPACE}%")

    def percent(self, share: float, digits: int = 1) -> str:
        """Write a share from 0 to 1: 95.7 %."""
        return percent(share, digits).replace(" ", _SPACE)

    def percents(self, low: float, high: float, digits: int = 1) -> str:
        """Write shares from `low` to `high`: 94.3 to 96.8 %."""
        return self("format.span", low=f"{100 * low:.{digits}f}", high=self.percent(high, digits))

    def points(self, difference: float, digits: int = 1) -> str:
        """Write a difference of shares with its sign: +0.5."""
        rounded = round(100 * difference, digits)
        return f"{rounded:+.{digits}f}".replace("-", "\N{MINUS SIGN}") if rounded else f"{0:.{digits}f}"

    def point_span(self, low: float, high: float, digits: int = 1) -> str:
        """Write differences of shares from `low` to `high`: -1.2 to +2.2."""
        return self("format.span", low=self.points(low, digits), high=self.points(high, digits))

    def counts(self, numbers: Sequence[int]) -> str:
        """Write the lowest and the highest of some counts, or the one that they all are."""
        low, high = min(numbers), max(numbers)
        return f"{low:,}" if low == high else self("format.span", low=low, high=high)

    def listing(self, items: Sequence[str]) -> str:
        """Write items one after the other: a, b and c."""
        if len(items) < 2:
            return "".join(items)
        return self("format.listing", most=self("format.comma").join(items[:-1]), last=items[-1])

    def duration(self, seconds: float) -> str:
        """Write a time to the second below an hour, to the minute from there on."""
        if seconds < 59.5:
            return self("format.seconds", seconds=f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}")
        minutes, rest = divmod(round(seconds), 60)
        if minutes < 60:
            return self("format.minutes", minutes=minutes, seconds=rest)
        hours, minutes = divmod(minutes, 60)
        return self("format.hours", hours=hours, minutes=minutes)
