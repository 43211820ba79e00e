"""What single runs on few images could have shown."""

import numpy as np
import pytest

from convlens.study import difference
from convlens.study.power import SinglePair, power, single_pair


def answers(rng, share, seeds, images):
    """Return answers of many seeds, whose accuracy differs a little from seed to seed."""
    own = np.clip(rng.normal(share, 0.002, (seeds, 1)), 0, 1)
    return rng.random((seeds, images)) < own


@pytest.mark.parametrize(
    ("before", "after", "n"), [(0.955, 0.965, 1000), (0.955, 0.975, 1000), (0.9, 0.96, 300)]
)
def test_it_is_what_so_many_single_pairs_show(before, after, n):
    """As often as, of 2,000 drawn pairs of single runs, Newcombe's interval lies above zero."""
    rng = np.random.default_rng(0)
    a, b = (answers(rng, share, 60, 4000) for share in (before, after))
    found = power(single_pair(a, b, n))
    shown = 0
    for _ in range(2000):
        images = rng.integers(0, 4000, n)
        one, other = (int(rows[rng.integers(60)][images].sum()) for rows in (a, b))
        shown += difference((one, n), (other, n)).low > 0
    assert found == pytest.approx(shown / 2000, abs=0.03)


def test_more_images_and_larger_differences_show_more():
    """The direction does not matter; without any difference almost nothing is shown."""
    few, more = SinglePair((0.95, 0.97), 0.009, 1000), SinglePair((0.95, 0.97), 0.004, 5000)
    assert power(few) < power(more)
    assert power(few) == power(SinglePair((0.97, 0.95), 0.009, 1000))
    assert power(SinglePair((0.95, 0.95), 0.009, 1000)) < 0.03
    assert power(SinglePair((1.0, 1.0), 0.0, 100)) == 0
    assert power(SinglePair((0.5, 0.9), 0.0, 1000)) == 1


def test_the_same_images_are_shared_and_seeds_are_not():
    """The spread holds both seeds' variance, and of the images only those that the two answer differently."""
    a = np.tile(np.arange(100) < 90, (3, 1))
    assert single_pair(a, a, 50).spread == 0
    b = a.copy()
    b[:, :10] = ~b[:, :10]
    assert single_pair(a, b, 50).spread == pytest.approx(np.sqrt(0.1 * 0.9 / 50))
    assert single_pair(a, b, 50).accuracies == pytest.approx((0.9, 0.8))
