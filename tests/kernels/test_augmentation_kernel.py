"""Moving pictures by the kernel, beside the same in NumPy."""

import numpy as np
import pytest

from convlens.data.augmentation import TRANSFORMS, drawn_rows, moved, strengths
from convlens.engine.augmentation import Mover
from convlens.errors import ShapeError
from convlens.kernels.augmentation import SHARES, move, plane_size
from convlens.kernels.simd.vectors import size


def drawn(shape, n=12):
    """Rows of all transforms together, extreme ones among them."""
    rows = drawn_rows(strengths({**dict.fromkeys(TRANSFORMS), "shift": 0.5}, "a test"), 1, 2, n, shape[1:])
    rows[:3, 6] = 0, 256, -256
    return rows


@pytest.mark.parametrize(
    ("shape", "lanes"), [((1, 28, 28), 16), ((3, 17, 20), 4), ((2, 9, 5), 4), ((1, 4, 3), 1), ((1, 1, 1), 1)]
)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_the_kernel_is_the_readable_one_to_the_bit(shape, lanes, dtype):
    """For any size, channels and lanes: bytes and floats, any order, repetitions too."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (12, *shape)).astype(dtype) / (dtype(1) if dtype == np.uint8 else dtype(37))
    x, rows = x.astype(dtype), drawn(shape)
    index = rng.integers(0, 12, 9)
    out, planes = np.zeros((9, *shape), dtype), np.zeros(2 * SHARES * plane_size(*shape[1:]), np.float32)
    flat = out.reshape(-1)
    move(x.reshape(-1), index, rows.reshape(-1), planes, flat, 9, shape, size(lanes))
    np.testing.assert_array_equal(out, moved(x[index], rows[index]), strict=True)
    assert out.any()


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_the_bits_do_not_depend_on_the_threads(threads):
    """However many share a batch, and whatever the batches before it were."""
    x = np.random.default_rng(0).integers(0, 256, (60, 1, 28, 28)).astype(np.uint8)
    rows, mover = drawn(x.shape[1:], 60), Mover(x.shape[1:], threads)
    for index in (np.arange(50), np.array([7]), np.arange(59, -1, -1)):
        np.testing.assert_array_equal(mover.moved(x, index, rows), moved(x[index], rows[index]), strict=True)


@pytest.mark.parametrize("change", [np.asfortranarray, lambda x: x.astype(np.float64), lambda x: x[::2]])
def test_pictures_that_kernels_cannot_read(change):
    """They are copied first, and floats of other widths become float32."""
    x = change(np.random.default_rng(0).integers(0, 256, (60, 1, 28, 28)).astype(np.uint8))
    rows, index = drawn(x.shape[1:], 60), np.arange(20, 5, -1)
    found = Mover(x.shape[1:], 1).moved(x, index, rows)
    np.testing.assert_array_equal(found, moved(x[index], rows[index]), strict=True)


def test_pictures_beyond_the_kernel():
    """Of the largest, places would not fit into 32 bits: they are refused."""
    with pytest.raises(ShapeError, match=r"at most 8,192 rows and columns together .* Got 8000 x 200"):
        Mover((1, 8000, 200), 1)
