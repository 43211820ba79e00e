"""Somebody else's figures: with the digits that they are stated with, on the same images."""

import pytest
from scipy import stats

from convlens.study import FIGURES, one_more_seed
from convlens.study.stated import Stated


@pytest.mark.parametrize(
    ("value", "n", "digits", "counts"),
    [
        (0.97, 1000, 0, (965, 974)),
        (0.957, 1000, 1, (957, 957)),
        (0.962, 10_000, 1, (9615, 9624)),
        (0.9881, 10_000, 2, (9881, 9881)),
        (0.9, 50, 0, (45, 45)),
        (1.0, 1000, 0, (995, 1000)),
        (0.957, 20, 1, (19, 19)),
    ],
)
def test_a_figure_stands_for_all_counts_that_are_written_so(value, n, digits, counts):
    """97 % of 1,000 are 965 to 974; where no count of so few images is written so, it is the nearest one."""
    assert Stated(value).digits == digits
    assert Stated(value).counts(n) == counts


@pytest.mark.parametrize(
    ("value", "ours", "expected"),
    [
        (0.957, (0.960, 0.959, 0.961), True),
        (0.97, (0.972, 0.969, 0.964), True),
        (0.92, (0.960, 0.9605, 0.9595), False),
        (0.981, (0.960, 0.9601, 0.9599), False),
        (0.957, (0.96,), None),
    ],
)
def test_a_figure_is_held_against_one_more_seed(value, ours, expected):
    """It is as expected if one more seed may come out like this on the same images; one seed cannot say."""
    assert Stated(value).is_expected(ours, 1000, 4) is expected


def test_more_figures_are_judged_more_carefully():
    """Each of many leaves out its part of the level."""
    ours = (0.960, 0.959, 0.961)
    half = one_more_seed(ours, 1 - FIGURES, step=0.001).high - 0.96
    just_outside = Stated(round(0.96 + half + 0.0025, 3))
    assert just_outside.digits == 1
    assert just_outside.is_expected(ours, 1000, 1) is False
    assert just_outside.is_expected(ours, 1000, 10) is True


def test_one_more_seed_is_students_prediction():
    """Mean ± t s √(1 + 1/k); never below 0 or above 1; None with one seed."""
    values = (0.960, 0.957, 0.964)
    half = stats.t.ppf(0.975, 2) * stats.tstd(values) * (4 / 3) ** 0.5
    found = one_more_seed(values)
    assert (found.low, found.high) == pytest.approx((0.960333333 - half, 0.960333333 + half))
    assert one_more_seed((0.99, 0.2)).high == 1
    assert one_more_seed((0.9,)) is None
    alike = one_more_seed((0.96, 0.96, 0.96), step=0.001)
    assert alike.high - 0.96 == pytest.approx(stats.t.ppf(0.975, 2) * 0.0005 * (4 / 3) ** 0.5)
