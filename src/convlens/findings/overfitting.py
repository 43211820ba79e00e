"""Where overfitting begins, seed by seed, and whether the curves part. Must not know figures or words.

Overfitting is called by its proof: at the end a network knows its training images better than others, by
more than the choice of the judged images explains (`Gap`). When it began is read from the losses (`onset`);
that is said only where the proof is there, of each seed for itself, and never from a mean over seeds.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from statistics import fmean
from typing import Annotated, Any

import numpy as np

from convlens._typing import Array
from convlens.arguments import Holding, as_annotated
from convlens.runs import Run
from convlens.study import Interval, difference

__all__ = [
    "BETTER",
    "FALLS",
    "RISES",
    "SURE",
    "WOBBLE",
    "Gap",
    "MoreData",
    "Onset",
    "Onsets",
    "gap",
    "more_data",
    "onset",
    "onsets",
]

BETTER = 0.05
"""The test still improves while its loss will fall by more than this share."""

FALLS = 0.2
"""Training still improves if its loss falls by more than this share."""

RISES = 0.2
"""The test gets worse if its loss ends more than this share above its lowest value."""

SURE = 0.99
"""Of the interval of training accuracy - test accuracy at the end, which must lie above zero."""

WOBBLE = 2.0
"""The gap in loss must have grown since the onset by more than this many of its standard errors, from how
much it goes up and down between neighbouring epochs."""

_LEAST_AFTER = 3  # epochs behind the onset: fewer say nothing
_WINDOW = 3  # epochs that are averaged


@dataclass(frozen=True)
class Onset:
    """One seed's training went on getting better while the test did not.

    Attributes:
        epoch, update: the last ones before it.
        train, test: smoothed losses after that epoch, and at the end.
        rises: the test loss did not only stop falling, it rose again.
    """

    epoch: int
    update: int
    train: tuple[float, float]
    test: tuple[float, float]
    rises: bool


@dataclass(frozen=True)
class Onsets:
    """What was found in each seed of an experiment.

    Attributes:
        by_seed: where overfitting begins, or None, by seed.
        epochs, updates: of each run.
    """

    by_seed: dict[int, Onset | None]
    epochs: int
    updates: int

    @property
    def found(self) -> tuple[Onset, ...]:
        """Those that there are, the earliest first."""
        return tuple(sorted((one for one in self.by_seed.values() if one), key=lambda one: one.epoch))

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "seeds": [
                {"seed": seed, "onset": None if one is None else asdict(one)}
                for seed, one in self.by_seed.items()
            ],
            "epochs": self.epochs,
            "updates": self.updates,
        }


@as_annotated
def onsets(runs: Annotated[Sequence[Run], Holding(1)]) -> Onsets:
    """Return where overfitting begins in each of an experiment's runs."""
    config = runs[0].config
    return Onsets({run.seed: onset(run) for run in runs}, config.epochs, config.n_steps)


@as_annotated
def onset(run: Run) -> Onset | None:
    """Return where overfitting begins in one run, or None where that cannot be said.

    It must be sure that the last network knows its training images better than test images (`SURE`). Then
    it begins after the first epoch from which on, for losses averaged over three neighbouring epochs,

    - the test loss falls by at most `BETTER` of its value, the training loss by more than `FALLS` of its own;
    - their gap grows by more than `WOBBLE` standard errors. A gap that goes up and down by s between
      neighbouring epochs has one of s √(2/3).

    At least three epochs must follow. The test loss rises if it ends more than `RISES` above its lowest; it
    ends with the middle one of its last three values, as one bad epoch is no rise.
    """
    if _apart([run]).low <= 0:
        return None
    losses = [run.curve(part).loss for part in ("train", "test")]
    if len(losses[0]) <= _LEAST_AFTER:
        return None
    least_growth = WOBBLE * _wobble(losses[1] - losses[0]) * np.sqrt(2 / _WINDOW)
    train, test = map(_smooth, losses)
    for at in range(len(test) - _LEAST_AFTER):
        stands = test[at:].min() >= (1 - BETTER) * test[at] and train[-1] < (1 - FALLS) * train[at]
        if stands and (test[-1] - train[-1]) - (test[at] - train[at]) > least_growth:
            ends = [(float(loss[at]), float(loss[-1])) for loss in (train, test)]
            update = (at + 1) * run.config.n_steps // run.config.epochs
            rises = np.median(losses[1][-_WINDOW:]) > (1 + RISES) * test.min()
            return Onset(at + 1, update, ends[0], ends[1], bool(rises))
    return None


class MoreData(Enum):
    """What more images did to overfitting, counted in updates; the value stands in `results.json`."""

    LATER = "later"
    NOT_AT_ALL = "not_at_all"
    UNCLEAR = "unclear"


@as_annotated
def more_data(small: Onsets, full: Onsets) -> MoreData | None:
    """Say whether overfitting begins later with more data, or not at all; None where no seed overfits.

    Later: the full set's earliest onset comes after more updates than the small set's latest. Not at all: it
    has none, though it made more updates than the small set's latest onset needed. A seed without an onset
    would have had one after its last update at the earliest.
    """
    if not small.found:
        return None
    latest = small.updates if None in small.by_seed.values() else small.found[-1].update
    if not full.found:
        return MoreData.NOT_AT_ALL if full.updates > latest else MoreData.UNCLEAR
    return MoreData.LATER if full.found[0].update > latest else MoreData.UNCLEAR


@dataclass(frozen=True)
class Gap:
    """Training accuracy - test accuracy, mean over the runs, after an early epoch and after the last one.

    Attributes:
        early_epoch: a quarter of the epochs.
        early, last: the gap after it and at the end, on the images that each epoch is judged on.
        interval: of the gap at the end, training images against all test images, from the choice of images;
            its confidence is `SURE`.
    """

    early_epoch: int
    early: float
    last: float
    interval: Interval

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        ends = [self.interval.low, self.interval.high]
        return {**asdict(self), "interval": ends, "sure": self.is_sure, "widens": self.widens}

    @property
    def is_sure(self) -> bool:
        """More than the choice of images explains."""
        return self.interval.low > 0

    @property
    def widens(self) -> bool:
        """The curves part: the gap at the end is sure, and larger than the early one."""
        return self.is_sure and self.last > self.early


@as_annotated
def gap(runs: Annotated[Sequence[Run], Holding(1)]) -> Gap:
    """Return how far training and test are apart after a quarter of the epochs and at the end.

    Seeds are judged on the same images: more of them do not make the choice of images matter less.
    """
    parts = ([run.curve(part).accuracy for run in runs] for part in ("train", "test"))
    train, test = (np.mean(values, axis=0) for values in parts)
    early = max(1, round(len(train) / 4))
    return Gap(early, float((train - test)[early - 1]), float((train - test)[-1]), _apart(runs))


def _apart(runs: Sequence[Run]) -> Interval:
    """Return the interval of training accuracy - test accuracy at the end; more seeds do not narrow it."""
    curves = [run.curve("train") for run in runs]
    n_own, n_others = curves[0].n_samples, int(runs[0].results["n_test"])
    own = fmean(float(curve.accuracy[-1]) for curve in curves)
    others = fmean(run.results["test_accuracy"] for run in runs)
    return difference((round(others * n_others), n_others), (round(own * n_own), n_own), SURE)


def _wobble(values: Array) -> float:
    """Return the standard deviation of values about a smooth line, from their second differences."""
    return float(np.sqrt(np.square(np.diff(values, 2)).mean() / 6))


def _smooth(values: Array) -> Array:
    """Return the mean over each epoch and its neighbours; the first and the last have the next one's."""
    inner = np.convolve(values, np.ones(_WINDOW) / _WINDOW, "valid")
    return np.concatenate([inner[:1], inner, inner[-1:]])
