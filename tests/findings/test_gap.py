"""Whether learning curves part, by the stated rule."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from convlens.findings import gap
from convlens.runs import Run


@dataclass
class FakeRun(Run):
    """A run that has curves only."""

    train: list
    test: list

    def curve(self, part):
        values = np.array(getattr(self, part))
        return SimpleNamespace(loss=values, accuracy=1 - values)


def test_the_gap_widens_by_more_than_two_points():
    """From a quarter of the epochs on."""
    flat = [0.1] * 8
    assert gap([FakeRun(flat, [0.1, 0.11, *[0.14] * 6])]).widens
    assert not gap([FakeRun(flat, [0.1, 0.13, *[0.14] * 6])]).widens
    assert gap([FakeRun(flat, flat)]).early_epoch == 2
