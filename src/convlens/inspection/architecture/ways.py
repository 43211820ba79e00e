"""Lines over a network's picture for what comes from further back than the part before.

Such are the ways of a residual addition: past its layers, and into the other way. Must not know figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from convlens.inspection.architecture.rows import Placed

__all__ = ["LANE_CM", "Way", "lanes_of", "ways_of"]

LANE_CM = 0.26
"""From one line to the next above it."""


@dataclass(frozen=True)
class Way:
    """What leads from one part to one further behind.

    Attributes:
        start, end: numbers of the parts.
        lane: how far above the names its line runs, from 0: none runs into another's.
    """

    start: int
    end: int
    lane: int = 0

    def meets(self, other: "Way") -> bool:
        """Say whether both run above the same place; one may begin where the other ends."""
        return self.start < other.end and other.start < self.end


def ways_of(placed: Sequence[Placed]) -> list[Way]:
    """Return the ways of a picture, the shortest of those that meet below the others."""
    asked = [
        Way(read, number)
        for number, one in enumerate(placed)
        for read in one.part.reads
        if read != number - 1
    ]
    found: list[Way] = []
    for way in sorted(asked, key=lambda way: way.end - way.start):
        taken = {other.lane for other in found if way.meets(other)}
        found.append(replace(way, lane=next(lane for lane in range(len(taken) + 1) if lane not in taken)))
    return found


def lanes_of(ways: Sequence[Way], placed: Sequence[Placed]) -> list[int]:
    """Return for each row of a picture how many lines at most run above it."""
    rows = range(placed[-1].row + 1)
    return [
        max((way.lane + 1 for way in ways if placed[way.start].row <= row <= placed[way.end].row), default=0)
        for row in rows
    ]
