"""Verdicts: paired by seed, on held-out images."""

import pytest

from convlens.study import Interval, Verdict, compare, verdict_on
from stand_ins import made_up_run


def runs(values, first_seed=0):
    """Return runs of neighbouring seeds that have held-out accuracies only."""
    return [
        made_up_run(seed=seed, results={"validation_accuracy": value, "n_validation": 10_000})
        for seed, value in enumerate(values, first_seed)
    ]


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        ([0.91, 0.92, 0.93], Verdict.BETTER),
        ([0.89, 0.90, 0.91], Verdict.WORSE),
        ([0.901, 0.911, 0.921], Verdict.BETTER),
        ([0.9001, 0.91, 0.9199], Verdict.SAME),
        ([0.88, 0.93, 0.92], Verdict.UNKNOWN),
        ([0.95], Verdict.ONE_SEED),
    ],
)
def test_a_verdict_follows_from_the_interval(after, verdict):
    """Better, worse, same, or not enough runs to say."""
    found = compare(runs([0.90, 0.91, 0.92]), runs([v + 1e-6 * i for i, v in enumerate(after)]))
    assert found.verdict is verdict
    assert found.seeds == tuple(range(len(after)))


def test_only_seeds_that_both_have_are_compared():
    """Of seeds 0 to 2 and 1 to 3, two are paired; without a common one there is nothing to say."""
    found = compare(runs([0.5, 0.90, 0.91]), runs([0.92, 0.93, 0.1], 1))
    assert found.seeds == (1, 2)
    assert found.mean == pytest.approx(0.02)
    assert compare(runs([0.9]), runs([0.9], 1)) is None
    assert compare(runs([0.9]), []) is None


def test_without_held_out_images_nothing_is_compared():
    """The test set is never used to choose."""
    blind = [made_up_run(seed=0, results={"test_accuracy": 0.9})]
    assert compare(blind, runs([0.9])) is None
    assert compare(runs([0.9]), blind) is None


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.002, 0.002, Verdict.SAME),
        (-0.0021, 0.002, Verdict.UNKNOWN),
        (0.0, 0.002, Verdict.SAME),
        (1e-9, 0.001, Verdict.BETTER),
        (-0.001, -1e-9, Verdict.WORSE),
    ],
)
def test_the_ends_of_the_interval_decide(low, high, verdict):
    """An end at zero decides nothing; beyond it, however little, it does."""
    assert verdict_on(Interval(low, high)) is verdict
