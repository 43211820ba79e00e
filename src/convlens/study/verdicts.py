"""Verdicts on experiments, paired by seed and image, by one stated rule. Must not know words or pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arguments import as_annotated
from convlens.errors import RunError
from convlens.runs import Run
from convlens.study.levels import COMPARISONS, corrected
from convlens.study.paired import PairedDifference, paired_difference
from convlens.study.statistics import CONFIDENCE, Interval, normal_quantile

__all__ = ["Comparison", "Pair", "Verdict", "answered_right", "compare", "judged", "right_of"]

Pair: TypeAlias = tuple[Sequence[Run], Sequence[Run]]
"""The runs of two experiments; the second is held against the first."""


class Verdict(Enum):
    """What a comparison allows to say; the value stands in `results.json`.

    There is none for "the same": with any number of seeds, the choice of 10,000 held-out images alone leaves
    about ±0.2 points open (`Comparison.reach`), which is as much as many a difference that matters.
    """

    BETTER = "better"
    WORSE = "worse"
    UNKNOWN = "unknown"
    ONE_SEED = "one_seed"


@dataclass(frozen=True)
class Comparison:
    """How one experiment did against another, on held-out images, paired by seed.

    Attributes:
        mean: of the differences of accuracy, 0 to 1.
        interval: of that mean, over seeds and images, as wide as the number of comparisons asks for: zero
            lies outside exactly where the verdict says better or worse. None with one seed.
        p_value: corrected for the number of comparisons (Holm); 1 with one seed.
        verdict: what may be said of it.
        seeds: those that both experiments have.
        n_images: how many the second was judged on.
        reach: half of a 95 % interval with any number of seeds, from the choice of these images alone: no
            smaller difference can be told from none.
        is_equal: both are right on the very same images, in every seed.
    """

    mean: float
    interval: Interval | None
    p_value: float
    verdict: Verdict
    seeds: tuple[int, ...]
    n_images: int
    reach: float
    is_equal: bool = False


@as_annotated
def compare(pairs: Sequence[Pair]) -> list[Comparison | None]:
    """Compare pairs of experiments on held-out images and the seeds that both have, all at once.

    Args:
        pairs: all comparisons of a page: their number is corrected for.

    Returns:
        One for each pair; None where no seed is in both, or a run has no held-out images.

    Raises:
        RunError: a run does not hold its answers to the held-out images.
    """
    right = _Right()
    found = [right.of(pair) for pair in pairs]
    verdicts = iter(judged([one.difference for one in found if one is not None]))
    return [
        None if one is None else Comparison(*next(verdicts), one.seeds, one.n_images, one.reach, one.is_equal)
        for one in found
    ]


def judged(
    differences: Sequence[PairedDifference],
) -> list[tuple[float, Interval | None, float, Verdict]]:
    """Return mean, interval, corrected p value and verdict of each of a page's differences.

    The level of all together is `COMPARISONS`. Each interval is as wide as Holm's correction asks for: where
    it multiplied a p value by c, the interval leaves out `COMPARISONS` / c.
    """
    several = [one.p_value for one in differences if one.seeds_error is not None]
    after = iter(corrected(several))
    rows: list[tuple[float, Interval | None, float, Verdict]] = []
    for one in differences:
        if one.seeds_error is None:
            rows.append((one.mean, None, 1.0, Verdict.ONE_SEED))
            continue
        p_value = next(after)
        times = max(1.0, p_value / one.p_value) if 0 < p_value < 1 else float(len(several))
        sure = p_value < COMPARISONS
        verdict = (Verdict.BETTER if one.mean > 0 else Verdict.WORSE) if sure else Verdict.UNKNOWN
        rows.append((one.mean, one.interval(1 - COMPARISONS / times), p_value, verdict))
    return rows


def right_of(runs: Sequence[Run]) -> Array:
    """Return whether runs on the same data answered right to each held-out image: (runs, images)."""
    return _Right().rows(runs)


def answered_right(run: Run, part: str, labels: IntArray) -> Array:
    """Return whether a run answered right to each image of "validation" or "test": (N,).

    Raises:
        RunError: the run's folder does not hold a score for each class of each image.
    """
    scores = np.asarray(run.predictions.get(part, ()))
    if scores.shape != (len(labels), run.spec.n_classes):
        raise RunError(
            f"{run.folder} is damaged: predictions.safetensors does not hold each {part} image's scores."
        )
    return scores.argmax(axis=1) == labels


@dataclass(frozen=True)
class _Paired:
    """The difference of two experiments, on the seeds that both have."""

    difference: PairedDifference
    seeds: tuple[int, ...]
    n_images: int
    is_equal: bool

    @property
    def reach(self) -> float:
        return normal_quantile(CONFIDENCE) * self.difference.images_error


class _Right:
    """Which held-out images runs answer right; each run is read once, and so are labels that runs share."""

    def __init__(self) -> None:
        self._rows: dict[int, Array] = {}
        self._labels: dict[tuple[object, ...], IntArray] = {}

    def of(self, pair: Pair) -> _Paired | None:
        """Return the difference of two experiments; None where there is none."""
        if any("validation_accuracy" not in run.results for runs in pair for run in runs):
            return None
        first, second = ({run.seed: run for run in runs} for runs in pair)
        seeds = tuple(sorted(first.keys() & second.keys()))
        if not seeds:
            return None
        rows = [self.rows([runs[seed] for seed in seeds]) for runs in (first, second)]
        same = _data(first[seeds[0]]) == _data(second[seeds[0]])
        is_equal = same and bool((rows[0] == rows[1]).all())
        return _Paired(paired_difference(*rows, same_images=same), seeds, rows[1].shape[1], is_equal)

    def rows(self, runs: Sequence[Run]) -> Array:
        """Return the answers of runs: (runs, images)."""
        return np.stack([self._row(run) for run in runs])

    def _row(self, run: Run) -> Array:
        if id(run) not in self._rows:
            self._rows[id(run)] = answered_right(run, "validation", self._held_out(run))
        return self._rows[id(run)]

    def _held_out(self, run: Run) -> IntArray:
        data = _data(run)
        if data not in self._labels:
            held_out = run.data.validation
            if held_out is None:
                raise RunError(f"{run.folder} is damaged: it was judged on held-out images, and has none.")
            self._labels[data] = held_out.t.astype(np.int64)
        return self._labels[data]


def _data(run: Run) -> tuple[object, ...]:
    """Return what stands for a run's data: with the same, runs have the same held-out images."""
    return (run.config.train_size, *sorted(run.sha256.items()))
