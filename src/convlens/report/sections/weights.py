"""Which sentences a reader in a hurry sees. Must not know what they say."""

from collections.abc import Sequence
from enum import IntEnum

from convlens.report.blocks import Paragraph, Points

__all__ = ["Weight", "first_and_more"]

_FIRST = 5
"""So many sentences are seen at once."""


class Weight(IntEnum):
    """What goes first where not every sentence has room, the most important one first."""

    WARNING = 0
    RESULT = 1
    CONCLUSION = 2
    DATA = 3
    MEMORY = 4
    RATES = 5
    FRAME = 6
    REST = 7


def first_and_more(sentences: Sequence[tuple[Weight, Paragraph]]) -> tuple[Points, Points]:
    """Return the most important sentences and the others, both in the order in which they come."""
    ranks = sorted((weight, place) for place, (weight, _) in enumerate(sentences))
    first = {place for _, place in ranks[:_FIRST]}
    lead = tuple(text for place, (_, text) in enumerate(sentences) if place in first)
    more = tuple(text for place, (_, text) in enumerate(sentences) if place not in first)
    return Points(lead), Points(more)
