"""Pictures that are unlike a data set's own."""

import numpy as np
import pytest

from convlens.findings.strangeness import SHARE, likeness_of


def bars(n, channels, size, seed=0):
    """Pictures of a bright row or column on dark noise."""
    rng = np.random.default_rng(seed)
    pictures = rng.integers(0, 30, (n, channels, size, size)).astype(np.uint8)
    for number, place in enumerate(rng.integers(0, size, n)):
        picture = pictures[number] if number % 2 else pictures[number].swapaxes(1, 2)
        picture[:, place] = rng.integers(150, 256)
    return pictures


@pytest.mark.parametrize(
    ("channels", "size", "n"), [(1, 8, 400), (3, 8, 400), (1, 28, 300), (3, 20, 60)], ids=str
)
def test_what_is_of_another_kind_is_unlike(channels, size, n):
    """Noise and inverted pictures are; further ones of the same kind are not, but for a stated share."""
    likeness = likeness_of(bars(n, channels, size), bars(2_000, channels, size, 1))
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 256, (100, channels, size, size)).astype(np.uint8)
    assert likeness.are_unlike(noise).all()
    assert likeness.are_unlike(255 - bars(100, channels, size, 2)).all()
    assert likeness.are_unlike(bars(2_000, channels, size, 3)).mean() < 3 * SHARE
    assert (likeness.share, likeness.n_images) == (0.01, 2_000)


@pytest.mark.parametrize("n", [1, 20, 99])
def test_of_few_pictures_none_is_unlike(n):
    """A share of one in a hundred cannot be told from fewer pictures: the farthest is the bound."""
    others = bars(n, 1, 8, 1)
    likeness = likeness_of(bars(100, 1, 8), others)
    assert not likeness.are_unlike(others).any()
    assert likeness.share == 0


@pytest.mark.parametrize("n", [1, 2, 50])
def test_pictures_that_are_all_alike_have_a_mean_only(n):
    """Without directions the distance is that from the mean, and no picture makes a NaN."""
    likeness = likeness_of(np.full((n, 1, 4, 5), 255, np.uint8), np.full((3, 1, 4, 5), 255, np.uint8))
    assert likeness.distances(np.zeros((2, 1, 4, 5), np.uint8)) == pytest.approx([20, 20])
    assert likeness.distances(np.zeros((0, 1, 4, 5), np.uint8)).shape == (0,)
