"""The difference of two experiments: seeds and images are both luck, and both are in the interval."""

from math import inf, sqrt

import numpy as np
import pytest
from scipy import stats

from convlens.study import paired_difference


def rights(rng, k, n, share=0.9):
    """Return answers of k seeds to n images of different difficulty."""
    hard = rng.beta(8 * share, 8 * (1 - share), n)
    return rng.random((k, n)) < hard


def by_hand(a, b):
    """Return mean, error and degrees of freedom by loops over the table of an analysis of variance."""
    d = b.astype(float) - a.astype(float)
    k, n = d.shape
    mean = d.mean()
    seeds = n * sum((row.mean() - mean) ** 2 for row in d) / (k - 1)
    images = k * sum((column.mean() - mean) ** 2 for column in d.T) / (n - 1)
    rest = sum((d[s, i] - d[s].mean() - d[:, i].mean() + mean) ** 2 for s in range(k) for i in range(n)) / (
        (k - 1) * (n - 1)
    )
    both = seeds + max(0, images - rest)
    return mean, sqrt(both / (k * n)), both**2 / (seeds**2 / (k - 1))


@pytest.mark.parametrize(("k", "n"), [(2, 30), (3, 50), (5, 40), (10, 25)])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_error_is_that_of_the_analysis_of_variance(k, n, seed):
    """Sums over arrays give what loops over the table give."""
    rng = np.random.default_rng(seed)
    a, b = rights(rng, k, n), rights(rng, k, n, 0.8)
    found = paired_difference(a, b)
    assert (found.mean, found.error, found.degrees) == pytest.approx(by_hand(a, b), rel=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_without_luck_of_the_images_it_is_students_t(seed):
    """Where no image is favoured in all seeds, interval and p value are those of SciPy's paired t test."""
    rng = np.random.default_rng(seed)
    a = rng.random((4, 4000)) < 0.9
    b = np.stack([rng.permutation(row) for row in a])
    b[:, :40] = np.roll(b[:, :40], seed + 1, axis=1) & (rng.random((4, 40)) < 0.5)
    found = paired_difference(a, b)
    if found.images_error:
        pytest.skip("by chance, some images are favoured")
    expected = stats.ttest_rel(b.mean(axis=1), a.mean(axis=1))
    interval = expected.confidence_interval(0.95)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-5)
    assert found.interval(0.95).low == pytest.approx(interval.low, rel=1e-5)
    assert found.interval(0.95).high == pytest.approx(interval.high, rel=1e-5)


def test_one_seed_has_no_error_and_equal_seeds_have_that_of_the_images():
    """With one pair nothing is known of the seed's luck; seeds that all differ alike have normal error."""
    a, b = np.array([[True, False, False, True]]), np.array([[True, True, False, True]])
    assert paired_difference(a, b).error is None
    assert paired_difference(a, b).interval(0.95) is None
    assert paired_difference(a, b).p_value == 1
    found = paired_difference(np.repeat(a, 3, axis=0), np.repeat(b, 3, axis=0))
    assert found.degrees == inf
    assert found.error == pytest.approx(np.std([0, 1, 0, 0], ddof=1) / 2)
    assert paired_difference(np.repeat(a, 3, axis=0), np.repeat(a, 3, axis=0)).p_value == 1


def test_different_images_are_less_sure_than_the_same():
    """The luck of hard images no longer falls out of the difference."""
    rng = np.random.default_rng(0)
    hard = rng.random(500) < 0.1
    a, b = (~hard & (rng.random((3, 500)) < 0.99) for _ in range(2))
    same, apart = (paired_difference(a, b, same_images=one) for one in (True, False))
    assert same.mean == apart.mean
    assert apart.error > 2 * same.error
