"""Vectors mixed, and sums of squares, against NumPy."""

import numpy as np
import pytest

from convlens.kernels.mixing import BLOCK, L, mix, square_sums
from convlens.kernels.runtime.threads import region

every_size = pytest.mark.parametrize("size", [1, 7, 8, 4095, 4096, 4097, 50_003])
F = np.float32


@every_size
@pytest.mark.parametrize("into", ["another", "x", "y"])
def test_mix(size, into):
    """a x + b y, into a vector of its own or over one of the two."""
    x, y = np.random.default_rng(0).standard_normal((2, size)).astype(F)
    expected = 0.25 * x.astype(float) - 3.0 * y
    z = {"another": np.zeros(size, F), "x": x, "y": y}[into]
    mix(x, y, z, F(0.25), F(-3))
    np.testing.assert_allclose(z, expected, rtol=1e-5, atol=1e-6)


def test_a_mixture_of_equals_is_what_they_are():
    """An average of numbers that stay does not drift away from them."""
    x = np.random.default_rng(0).standard_normal(1003).astype(F)
    average, decay = x.copy(), F(0.999)
    for _ in range(200):
        mix(average, x, average, decay, F(1) - decay)
    np.testing.assert_allclose(average, x, rtol=1e-5)


@every_size
def test_square_sums(size):
    """Each block apart; the numbers behind the last whole vector count too, and the threads do not."""
    x = np.random.default_rng(1).standard_normal(size).astype(F)
    found = []
    for threads in (1, 2):
        sums = np.full(-(-size // BLOCK) * L, np.nan, F)
        with region(threads):
            square_sums(x, sums)
        found.append(sums)
    np.testing.assert_array_equal(*found)
    for k, sums in enumerate(found[0].reshape(-1, L)):
        block = x[k * BLOCK : (k + 1) * BLOCK].astype(float)
        assert sums.sum(dtype=float) == pytest.approx(block @ block, rel=1e-6)
