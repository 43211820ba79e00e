"""Text in columns for a terminal, where a letter of Hangul, kana or kanji is two columns wide.

Must not know what stands in them.
"""

import unicodedata
from collections.abc import Sequence

__all__ = ["columns", "filled_up", "wide"]

_BETWEEN = "  "


def wide(text: str) -> int:
    """Return how many columns of a terminal a text takes.

    >>> wide("LeNet"), wide("학습률"), wide("エポック")
    (5, 6, 8)
    """
    return sum(map(_columns_of, text))


def _columns_of(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf", "Cc"}:  # drawn upon another letter, or not at all
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def filled_up(text: str, width: int, align: str = "<") -> str:
    """Return a text with spaces to a width: behind it ("<") or before it (">")."""
    spaces = " " * (width - wide(text))
    return spaces + text if align == ">" else text + spaces


def columns(rows: Sequence[Sequence[str]], aligns: str) -> list[str]:
    """Return rows of cells as lines whose columns stand below each other.

    Args:
        rows: of equally many cells.
        aligns: "<" or ">" for each column; the last one stands for all that follow.

    >>> columns([("network", "ms"), ("LeNet", "1.25")], "<>")
    ['network    ms', 'LeNet    1.25']
    """
    cells = list(zip(*rows, strict=True))
    signs = [aligns[min(place, len(aligns) - 1)] for place in range(len(cells))]
    widths = [max(map(wide, column)) for column in cells]
    return [
        _BETWEEN.join(
            filled_up(cell, width, sign) for cell, width, sign in zip(row, widths, signs, strict=True)
        ).rstrip()
        for row in rows
    ]
