"""Where overfitting begins, by one rule. Must not know figures or words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convlens._typing import Array
from convlens.runs import Run

__all__ = ["BETTER", "FALLS", "RISES", "Onset", "onset"]

BETTER = 0.05
"""The test still improves while its loss will fall by more than this share."""

FALLS = 0.2
"""Training still improves if its loss falls by more than this share."""

RISES = 0.2
"""The test gets worse if its loss ends more than this share above its lowest value."""

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


def onset(runs: Sequence[Run]) -> Onset | None:
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


def _smooth(values: Array) -> Array:
    """Return the mean over each epoch and its neighbours, of which the ends have one."""
    window = np.ones(3)
    return np.convolve(values, window, "same") / np.convolve(np.ones_like(values), window, "same")
