"""How often a page may be wrong where nothing is to be found, and how its verdicts share that.

A page may hold a false alarm in at most `PAGE` of all cases without a true difference, whatever it shows.
Each kind of verdict has a fixed share of that; within a kind, the number of verdicts is corrected for.
`bench/false_alarms.py` counts what comes of it. Must not know runs or pages.
"""

from collections.abc import Sequence

__all__ = ["COMPARISONS", "FIGURES", "ONSETS", "PAGE", "corrected"]

COMPARISONS = 0.035
"""Of all comparisons of experiments on a page together (Holm)."""

FIGURES = 0.005
"""Of all figures of somebody else's single runs that are held against ours, together (Bonferroni)."""

ONSETS = 0.01
"""Of all statements together that a network knows its training images better than others."""

PAGE = COMPARISONS + FIGURES + ONSETS
"""Of a page: five in a hundred."""


def corrected(p_values: Sequence[float]) -> list[float]:
    """Return p values corrected for their number, in their order (Holm, Scand. J. Statistics 6, 1979).

    The smallest of m is multiplied by m, the next by m - 1, and so on; none becomes smaller than one before
    it, or larger than 1. Whoever believes those below a level errs at most so often, however many there are
    and however they hang together.

    >>> corrected([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    found, largest = [1.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        found[place] = largest
    return found
