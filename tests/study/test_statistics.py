"""Intervals of shares, of their differences, and of what one more run may come out as."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from convlens.study import Measured, difference, one_run, paired_difference, wilson


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


def test_one_more_run_may_come_out_wider_than_either_luck_alone():
    """The interval holds the pictures' luck and the seeds'; with one seed it is Wilson's."""
    assert one_run([0.957], 1000) == wilson(957, 1000)
    alike = one_run([0.957, 0.957, 0.957], 1000)
    half = stats.norm.ppf(0.975) * np.sqrt(0.957 * 0.043 / 1000)
    assert (alike.low, alike.high) == pytest.approx((0.957 - half, 0.957 + half))
    spread = one_run([0.94, 0.957, 0.974], 1000)
    assert spread.low < alike.low
    assert spread.high > alike.high
    seeds = one_run([0.94, 0.957, 0.974], 10**9)
    expected = stats.t.ppf(0.975, 2) * 0.017 * np.sqrt(4 / 3)
    assert seeds.low == pytest.approx(0.957 - expected, rel=1e-3)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5), st.integers(10, 10_000))
def test_where_one_more_run_may_come_out_is_an_accuracy(accuracies, n):
    """It holds the mean and does not leave 0 to 1."""
    band = one_run(accuracies, n)
    assert 0 <= band.low <= band.high <= 1
    assert band.low - 0.5 / n - 1e-9 <= np.mean(accuracies) <= band.high + 0.5 / n + 1e-9
