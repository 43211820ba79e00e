"""Where overfitting begins, and whether curves part, by stated rules. Must not know figures or words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from convlens._typing import Array
from convlens.arguments import Holding, as_annotated
from convlens.runs import Run

__all__ = ["BETTER", "FALLS", "RISES", "WIDENS", "Gap", "Onset", "gap", "onset"]

BETTER = 0.05
"""The test still improves while its loss will fall by more than this share."""

FALLS = 0.2
"""Training still improves if its loss falls by more than this share."""

RISES = 0.2
"""The test gets worse if its loss ends more than this share above its lowest value."""

WIDENS = 0.02
"""The curves part: by how much the gap must have grown since a quarter of the epochs (on 1,000 images each,
a gap has a standard error of about 0.007, so the growth of one of about 0.01)."""

_LEAST_AFTER = 3  # epochs behind the onset: fewer say nothing


@dataclass(frozen=True)
class Onset:
    """Training went on getting better while the test did not.

    Attributes:
        epoch: the last epoch before it.
        train, test: smoothed mean losses after that epoch, and at the end.
        rises: the test loss did not only stop falling, it rose again.
    """

    epoch: int
    train: tuple[float, float]
    test: tuple[float, float]
    rises: bool


@as_annotated
def onset(runs: Annotated[Sequence[Run], Holding(1)]) -> Onset | None:
    """Return where overfitting begins in the mean over runs of different seeds, or None where it does not.

    The rule, for losses averaged over the runs and over three neighbouring epochs: it begins after the first
    epoch from which on the test loss falls by at most `BETTER` of its value while the training loss falls by
    more than `FALLS` of its own. At least three epochs must follow. The test loss rises if it ends more than
    `RISES` above its lowest value.
    """
    train, test = (
        _smooth(np.mean([run.curve(part).loss for run in runs], axis=0)) for part in ("train", "test")
    )
    for at in range(len(test) - _LEAST_AFTER):
        if test[at:].min() >= (1 - BETTER) * test[at] and train[-1] < (1 - FALLS) * train[at]:
            ends = [(float(loss[at]), float(loss[-1])) for loss in (train, test)]
            return Onset(at + 1, ends[0], ends[1], bool(test[-1] > (1 + RISES) * test.min()))
    return None


@dataclass(frozen=True)
class Gap:
    """Training accuracy - test accuracy, mean over the runs, after an early epoch and after the last one."""

    early_epoch: int
    early: float
    last: float

    @property
    def widens(self) -> bool:
        """The curves part: the gap has grown by more than `WIDENS`."""
        return self.last - self.early > WIDENS


@as_annotated
def gap(runs: Annotated[Sequence[Run], Holding(1)]) -> Gap:
    """Return how far training and test are apart after a quarter of the epochs and at the end."""
    gaps = np.mean([run.curve("train").accuracy - run.curve("test").accuracy for run in runs], axis=0)
    early = max(1, round(len(gaps) / 4))
    return Gap(early, float(gaps[early - 1]), float(gaps[-1]))


def _smooth(values: Array) -> Array:
    """Return the mean over each epoch and its neighbours, of which the ends have one."""
    window = np.ones(3)
    return np.convolve(values, window, "same") / np.convolve(np.ones_like(values), window, "same")
