"""Rules: where curves part, and verdicts."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from convlens.findings import gap
from convlens.report.material import Entry
from convlens.report.sections.verdicts import verdict


@dataclass
class FakeRun:
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


@pytest.mark.parametrize(
    ("after", "key"),
    [
        ([0.91, 0.92, 0.93], "verdict.better"),
        ([0.89, 0.90, 0.91], "verdict.worse"),
        ([0.901, 0.911, 0.921], "verdict.better"),
        ([0.9001, 0.91, 0.9199], "verdict.same"),
        ([0.88, 0.93, 0.92], "verdict.unknown"),
        ([0.95], "verdict.one_seed"),
    ],
)
def test_a_verdict_follows_from_the_interval(after, key):
    """Better, worse, same, or not enough runs to say: paired by seed, on held-out images."""

    def entry(values):
        runs = [
            SimpleNamespace(seed=seed, results={"validation_accuracy": value, "n_validation": 10_000})
            for seed, value in enumerate(values)
        ]
        return Entry(None, "", len(runs), tuple(runs), "")

    before = [0.90, 0.91, 0.92][: len(after)]
    assert verdict(entry(before), entry([v + 1e-6 * i for i, v in enumerate(after)])).key == key
