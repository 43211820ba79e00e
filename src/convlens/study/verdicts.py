"""Verdicts on two experiments, paired by seed, by one stated rule. Must not know words or pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import fmean

from convlens.arguments import as_annotated
from convlens.runs import Run
from convlens.study.statistics import Interval, paired_difference

__all__ = ["SAME", "Comparison", "Verdict", "compare", "verdict_on"]

SAME = 0.002
"""Same for practical purposes: the whole interval of the difference is closer to zero than this."""


class Verdict(Enum):
    """What the interval of a mean difference allows to say; the value stands in `results.json`."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UNKNOWN = "unknown"
    ONE_SEED = "one_seed"


@dataclass(frozen=True)
class Comparison:
    """How one experiment did against another, on held-out images, paired by seed.

    Attributes:
        mean: of the differences of accuracy, 0 to 1.
        interval: of that mean, or None with one seed.
        seeds: those that both experiments have.
    """

    mean: float
    interval: Interval | None
    seeds: tuple[int, ...]

    @property
    def verdict(self) -> Verdict:
        """What may be said of it."""
        return verdict_on(self.interval)


@as_annotated
def compare(base: Sequence[Run], other: Sequence[Run]) -> Comparison | None:
    """Compare two experiments' runs on the seeds that both have.

    Returns:
        `other` against `base`; None where no seed is in both, or a run has no held-out images.
    """
    if any("validation_accuracy" not in run.results for run in (*base, *other)):
        return None
    before, after = ({run.seed: run.results["validation_accuracy"] for run in runs} for runs in (base, other))
    seeds = tuple(sorted(before.keys() & after.keys()))
    if not seeds:
        return None
    pairs = [before[seed] for seed in seeds], [after[seed] for seed in seeds]
    return Comparison(fmean(pairs[1]) - fmean(pairs[0]), paired_difference(*pairs), seeds)


@as_annotated
def verdict_on(interval: Interval | None) -> Verdict:
    """Return what the interval of a mean difference allows to say; None is that of a single pair."""
    if interval is None:
        return Verdict.ONE_SEED
    if interval.low > 0:
        return Verdict.BETTER
    if interval.high < 0:
        return Verdict.WORSE
    return Verdict.SAME if max(-interval.low, interval.high) <= SAME else Verdict.UNKNOWN
