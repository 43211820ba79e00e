"""The difference of two experiments: seeds and images are both luck, and both are in the interval."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from scipy import stats

from convlens.study.paired import PairedDifference, paired_difference


def rights(rng, k, n, share=0.9):
    """Return answers of k seeds to n images of different difficulty."""
    hard = rng.beta(8 * share, 8 * (1 - share), n)
    return rng.random((k, n)) < hard


def by_hand(a, b):
    """Return mean and both errors by loops over the table of an analysis of variance."""
    d = b.astype(float) - a.astype(float)
    k, n = d.shape
    mean = d.mean()
    seeds = sum((row.mean() - mean) ** 2 for row in d) / (k - 1)
    images = k * sum((column.mean() - mean) ** 2 for column in d.T) / (n - 1)
    rest = sum((d[s, i] - d[s].mean() - d[:, i].mean() + mean) ** 2 for s in range(k) for i in range(n)) / (
        (k - 1) * (n - 1)
    )
    return mean, sqrt(seeds / k), sqrt(max(0, images - rest) / (k * n))


@pytest.mark.parametrize(("k", "n"), [(2, 30), (3, 50), (5, 40), (10, 25)])
@pytest.mark.parametrize("seed", [0, 1])
def test_errors_are_those_of_the_analysis_of_variance(k, n, seed):
    """Sums over arrays give what loops over the table give."""
    rng = np.random.default_rng(seed)
    a, b = rights(rng, k, n), rights(rng, k, n, 0.8)
    found = paired_difference(a, b)
    expected = by_hand(a, b)
    assert (found.mean, found.seeds_error, found.images_error) == pytest.approx(expected, rel=1e-5, abs=1e-8)
    assert found.degrees == k - 1


@pytest.mark.parametrize("seed", range(3))
def test_without_luck_of_the_images_it_is_students_t(seed):
    """Interval and p value are those of SciPy's paired t test, as far as seeds are the only luck."""
    rng = np.random.default_rng(seed)
    a, b = rights(rng, 4, 200), rights(rng, 4, 200, 0.88)
    found = replace(paired_difference(a, b), images_error=0.0)
    expected = stats.ttest_rel(b.mean(axis=1), a.mean(axis=1))
    interval = expected.confidence_interval(0.95)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-5)
    assert found.interval(0.95).low == pytest.approx(interval.low, rel=1e-5)
    assert found.interval(0.95).high == pytest.approx(interval.high, rel=1e-5)


@pytest.mark.parametrize(("seeds", "images"), [(0.0, 0.01), (0.01, 0.0), (0.01, 0.01), (0.002, 0.03)])
@pytest.mark.parametrize("mean", [0.001, -0.02, 0.3])
def test_the_p_value_is_what_the_interval_without_zero_leaves_out(seeds, images, mean):
    """With the squares of both halves added up, by SciPy's quantiles."""
    found = PairedDifference(mean, seeds, images, 2)
    half = np.hypot(stats.t.isf(found.p_value / 2, 2) * seeds, stats.norm.isf(found.p_value / 2) * images)
    assert found.p_value == 1e-12 or half == pytest.approx(abs(mean), rel=1e-4)
    if 1e-12 < found.p_value < 0.9:
        assert found.interval(1 - found.p_value / 2).holds(0)
        assert not found.interval(1 - min(1, 1.1 * found.p_value)).holds(0)


def test_one_seed_has_no_error_and_equal_seeds_have_that_of_the_images():
    """With one pair nothing is known of the seed's luck; no difference at all is no surprise."""
    a, b = np.array([[True, False, False, True]]), np.array([[True, True, False, True]])
    assert paired_difference(a, b).seeds_error is None
    assert paired_difference(a, b).interval(0.95) is None
    assert paired_difference(a, b).p_value == 1
    found = paired_difference(np.repeat(a, 3, axis=0), np.repeat(b, 3, axis=0))
    assert found.seeds_error == 0
    assert found.images_error == pytest.approx(np.std([0, 1, 0, 0], ddof=1) / 2)
    assert paired_difference(np.repeat(a, 3, axis=0), np.repeat(a, 3, axis=0)).p_value == 1


def test_different_images_are_less_sure_than_the_same():
    """The luck of hard images no longer falls out of the difference."""
    rng = np.random.default_rng(0)
    hard = rng.random(500) < 0.1
    a, b = (~hard & (rng.random((3, 500)) < 0.99) for _ in range(2))
    same, apart = (paired_difference(a, b, same_images=one) for one in (True, False))
    assert same.mean == apart.mean
    assert apart.images_error > 2 * same.images_error
