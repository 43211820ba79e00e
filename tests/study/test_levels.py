"""Holm's correction, and how a page's verdicts share what may go wrong."""

import numpy as np
import pytest

from convlens.study import COMPARISONS, FIGURES, ONSETS, PAGE
from convlens.study.levels import corrected


@pytest.mark.parametrize(
    ("p_values", "by_hand"),
    [
        ([], []),
        ([0.04], [0.04]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.5, 0.6, 0.001], [1.0, 1.0, 0.003]),
        ([0.02, 0.02, 0.02, 0.02], [0.08] * 4),
        ([0.0, 0.9], [0.0, 0.9]),
        ([0.011, 0.004, 0.005, 0.012], [0.022, 0.016, 0.016, 0.022]),
    ],
)
def test_p_values_are_corrected_as_by_hand(p_values, by_hand):
    """Times their number, then one less and so on; never out of order, never above one."""
    assert corrected(p_values) == pytest.approx(by_hand)


def test_at_least_one_false_alarm_is_as_rare_as_said():
    """Of 20,000 groups of five p values without a difference, 5 % have one below 0.05 after correction."""
    drawn = np.random.default_rng(0).random((20_000, 5))
    alarms = np.mean([min(corrected(list(row))) < 0.05 for row in drawn])
    assert alarms == pytest.approx(0.05, abs=0.005)


def test_a_page_errs_in_five_of_a_hundred_cases():
    """The kinds of verdicts share them."""
    assert pytest.approx(0.05) == PAGE == COMPARISONS + FIGURES + ONSETS
