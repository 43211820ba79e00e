"""Gathering a batch, beside NumPy's indexing."""

import numpy as np
import pytest
from references import framed

from convlens.kernels.gather import gather
from convlens.kernels.runtime.parallel import SHARES


@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 5, 7), (1, 3, 3), (3, 6, 5)])
@pytest.mark.parametrize(("dtype", "scale"), [(np.uint8, 1 / 255), (np.float32, 1)])
@pytest.mark.parametrize("shares", [1, SHARES])
def test_pictures_by_index(shape, dtype, scale, shares):
    """Any order, repetitions too; bytes are scaled; channels come last; the border stays zero."""
    rng, n = np.random.default_rng(0), 11
    images = rng.integers(0, 256, (20, *shape)).astype(dtype)
    index = rng.integers(0, 20, n)
    frame = framed(np.zeros((n, *shape), np.float32), (2, 1))
    gather(images.reshape(-1), index, np.float32(scale), frame.value, n, shape, tuple(frame.sizes), shares)
    wanted = images[index].astype(np.float32) * np.float32(scale)
    np.testing.assert_array_equal(frame.view(n), wanted)
    frame.view(n)[...] = 0
    assert not frame.value.any()


def test_rows_of_features():
    """A matrix is a frame of pictures with one channel and one row."""
    images, index = np.arange(60, dtype=np.float32).reshape(6, 10), np.array([5, 0, 3])
    rows = np.zeros((3, 16), np.float32)
    gather(images.reshape(-1), index, np.float32(1), rows.reshape(-1), 3, (1, 1, 10), (16, 0, 0), 1)
    np.testing.assert_array_equal(rows[:, :10], images[index])
    assert not rows[:, 10:].any()
