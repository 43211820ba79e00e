"""Where the parts of a network's picture stand: in rows like words, so that none overlaps another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from convlens.inspection.architecture.drawn_layers import DrawnLayer

__all__ = ["Placed", "place"]

_BETWEEN_CM = 0.5  # between what is drawn
_LETTERS_CM = 0.2  # between what is written
_LOOSEST = 1.5  # how much wider than necessary a row is spread


@dataclass(frozen=True)
class Placed:
    """A part and its place, in centimetres.

    Attributes:
        part: what stands there.
        row: in which row, from 0.
        x: of its middle, from the left edge.
        operation_x: of the middle of the words for what leads to it.
        y: of its middle, from the top edge up; for the drawer to fill in.
    """

    part: DrawnLayer
    row: int
    x: float
    operation_x: float
    y: float = 0.0


@dataclass(frozen=True)
class _Row:
    """Parts in a row: `steps[i]` centimetres lead from the middle before (or the left edge) to the i-th."""

    members: list[int]
    steps: list[float]
    end: float  # from the last middle to the right edge

    @property
    def width(self) -> float:
        return sum(self.steps) + self.end


def place(parts: Sequence[DrawnLayer], width: float, measure: Callable[[str], float]) -> list[Placed]:
    """Place parts in as few rows of `width` centimetres as possible, evenly filled.

    Args:
        parts: from input to output.
        width: of a row.
        measure: text → its width in centimetres.
    """
    count = len(_broken(parts, width, measure))
    tighter = [width * (0.5 + 0.025 * i) for i in range(20)]
    rows = next((r for w in tighter if len(r := _broken(parts, w, measure)) == count), None)
    placed = []
    for number, row in enumerate(rows or _broken(parts, width, measure)):
        stretch = min(_LOOSEST, width / row.width) if row.width else 1.0
        x = max(0.0, (width - stretch * row.width) / 2) if number == 0 else 0.0
        for member, step in zip(row.members, row.steps, strict=True):
            before, x = x, x + stretch * step
            middle = x - _half(parts[member], measure) - _operation(parts[member], measure) / 2 - _LETTERS_CM
            first = member == row.members[0]
            placed.append(Placed(parts[member], number, x, max(0.0, middle) if first else (before + x) / 2))
    return placed


def _broken(parts: Sequence[DrawnLayer], width: float, measure: Callable[[str], float]) -> list[_Row]:
    """Fill rows greedily."""
    rows: list[_Row] = []
    for member, part in enumerate(parts):
        half = _half(part, measure)
        if rows:
            last = rows[-1]
            step = _step(parts[member - 1], part, measure)
            if last.width - last.end + step + half <= width:
                rows[-1] = _Row([*last.members, member], [*last.steps, step], half)
                continue
        lead = _operation(part, measure) + 2 * _LETTERS_CM if rows else 0.0
        rows.append(_Row([member], [lead + half], half))
    return rows


def _half(part: DrawnLayer, measure: Callable[[str], float]) -> float:
    return max(part.body[0], *(measure(text) for text in (*part.title, *part.notes))) / 2


def _operation(part: DrawnLayer, measure: Callable[[str], float]) -> float:
    return max((measure(line) for line in part.operation), default=0.0)


def _step(left: DrawnLayer, right: DrawnLayer, measure: Callable[[str], float]) -> float:
    """Return the least distance of two neighbours' middles at which neither shapes nor words overlap."""
    return max(
        (left.body[0] + right.body[0]) / 2 + _BETWEEN_CM,
        _half(left, measure) + _half(right, measure) + _LETTERS_CM,
        _operation(right, measure) + _LETTERS_CM,
    )
