"""Intervals, rules and findings."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from convlens.report.findings import answers, gap
from convlens.report.material import Entry
from convlens.report.sections.verdicts import verdict
from convlens.study.statistics import Measured, difference, paired_difference, wilson
from convlens.training import Run


def test_the_reports_steps_are_inside_the_noise_of_its_test():
    """96.2 and 97 % against 95.7 % on 1,000 images: no step is more than such a test can show."""
    assert wilson(957, 1000).holds(0.962)
    assert difference(957, 962, 1000).holds(0)
    assert difference(957, 970, 1000).holds(0)
    assert not difference(957, 988, 1000).holds(0)


@given(st.integers(1, 2000), st.data())
def test_intervals_hold_what_was_seen(n, data):
    """A Wilson interval holds its share, a difference's interval its difference; swapped, it is mirrored."""
    a, b = (data.draw(st.integers(0, n)) for _ in range(2))
    interval = wilson(a, n)
    assert 0 <= interval.low <= a / n + 1e-12
    assert a / n - 1e-12 <= interval.high <= 1
    there, back = difference(a, b, n), difference(b, a, n)
    assert there.low - 1e-12 <= (b - a) / n <= there.high + 1e-12
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=1e-12)


def test_paired_differences_are_students():
    """The same interval as SciPy's paired t test; none with one pair."""
    a, b = [0.95, 0.96, 0.955], [0.96, 0.962, 0.97]
    expected = stats.ttest_rel(b, a).confidence_interval(0.95)
    found = paired_difference(a, b)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert paired_difference([0.9], [0.95]) is None


def test_measured_counts_mistakes():
    """Shares become whole images again."""
    assert Measured((0.957, 0.96), 1000).wrong == (43, 40)


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


def test_answers_are_counted(study):
    """The confusion matrix holds every test image once; confusions are its cells off the diagonal."""
    run = study.runs(study.design.experiments[0])[0]
    found = answers(run)
    assert found.matrix.sum() == len(run.data.test)
    assert np.trace(found.matrix) == round(run.results["test_accuracy"] * len(run.data.test))
    assert sum(times for _, _, times in found.confusions) == len(found.mistakes)
    assert all(found.matrix[right, given] == times for right, given, times in found.confusions)
    assert np.all(np.diff(found.confidence[found.mistakes]) <= 0)
    assert np.all((found.confidence > 0) & (found.confidence <= 1))


def test_a_network_may_know_more_classes_than_the_data(study):
    """Answers outside the named classes are called by their number."""
    run = Run(study.runs(study.design.experiments[0])[0].folder)
    run.class_names = ("zero", "one")
    found = answers(run)
    assert found.names == ("zero", "one", "2", "3", "4", "5", "6", "7", "8", "9")
    assert found.matrix.shape == (10, 10)
