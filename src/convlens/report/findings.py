"""Where the learning curves of runs part, by a rule that the page states. Must not know words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convlens.runs import Run

__all__ = ["WIDENS", "Gap", "gap"]

WIDENS = 0.02
"""The curves part: by how much the gap must have grown since a quarter of the epochs (on 1,000 images each,
a gap has a standard error of about 0.007, so the growth of one of about 0.01)."""


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


def gap(runs: Sequence[Run]) -> Gap:
    """Return how far training and test are apart after a quarter of the epochs and at the end."""
    gaps = np.mean([run.curve("train").accuracy - run.curve("test").accuracy for run in runs], axis=0)
    early = max(1, round(len(gaps) / 4))
    return Gap(early, float(gaps[early - 1]), float(gaps[-1]))
