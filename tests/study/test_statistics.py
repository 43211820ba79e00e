"""Intervals of shares, of their differences, and of what one more run may come out as."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from convlens.study import Measured, difference, wilson
from convlens.study.statistics import student_quantile


def test_the_reports_steps_are_inside_the_noise_of_its_test():
    """96.2 and 97 % against 95.7 % on 1,000 images: no step is more than such a test can show."""
    assert wilson(957, 1000).holds(0.962)
    assert difference((957, 1000), (962, 1000)).holds(0)
    assert difference((957, 1000), (970, 1000)).holds(0)
    assert not difference((957, 1000), (988, 1000)).holds(0)


@given(st.integers(1, 2000), st.data())
def test_intervals_hold_what_was_seen(n, data):
    """A Wilson interval holds its share, a difference's interval its difference; swapped, it is mirrored."""
    a, b = (data.draw(st.integers(0, n)) for _ in range(2))
    interval = wilson(a, n)
    assert 0 <= interval.low <= a / n + 1e-12
    assert a / n - 1e-12 <= interval.high <= 1
    there, back = difference((a, n), (b, n)), difference((b, n), (a, n))
    assert there.low - 1e-12 <= (b - a) / n <= there.high + 1e-12
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=1e-12)


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.997])
@pytest.mark.parametrize(("n_right", "n"), [(0, 7), (7, 7), (957, 1000), (1, 3), (9_870, 10_000)])
def test_wilsons_interval_is_scipys(n_right, n, confidence):
    """A second source for the formula."""
    expected = stats.binomtest(n_right, n).proportion_ci(confidence, method="wilson")
    found = wilson(n_right, n, confidence)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize("degrees", [1, 2, 3.7, 40, 1e8])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_quantiles_are_scipys(degrees, confidence):
    """Of Student's t, and of the normal distribution for any number of degrees."""
    assert student_quantile(confidence, degrees) == pytest.approx(stats.t.ppf((1 + confidence) / 2, degrees))
    assert student_quantile(confidence, np.inf) == pytest.approx(stats.norm.ppf((1 + confidence) / 2))


def test_two_sizes_of_sets_give_one_interval():
    """The interval comes from both Wilson intervals, however many images either has."""
    found, (a, b) = (
        difference((998, 1000), (9_880, 10_000), 0.99),
        (wilson(998, 1000, 0.99), wilson(9_880, 10_000, 0.99)),
    )
    assert found.low == pytest.approx(-0.01 - np.hypot(0.988 - b.low, a.high - 0.998))
    assert found.high == pytest.approx(-0.01 + np.hypot(b.high - 0.988, 0.998 - a.low))


def test_measured_counts_mistakes():
    """Shares become whole images again."""
    assert Measured((0.957, 0.96), 1000).wrong == (43, 40)
