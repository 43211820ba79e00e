"""How a convolution ends, for 4, 8 and 16 lanes: bias, ReLU, maxima and their places."""

import numpy as np
import pytest

from convlens.kernels.runtime.compiler import entry
from convlens.kernels.simd import epilogues, vectors
from convlens.kernels.simd.vectors import size

LANES = [4, 8, 16]
f32 = np.float32


@pytest.mark.parametrize("L", LANES)
def test_relu_keeps_what_is_not_a_number(L):
    """max(floor, x): NaN comes through, and a NaN floor keeps everything."""
    one = size(1)

    @entry
    def kernel(x, bias, floor, out):
        epilogues.relu_store(vectors.loads(x, 0, 0, one, one, lanes), bias, 0, floor, out, 0, 0, one)

    lanes = size(L)
    x, out = np.resize(np.array([np.nan, -1, 2, -np.inf, np.inf], f32), L), np.zeros(L, f32)
    kernel(x, np.zeros(L, f32), f32(0), out)
    np.testing.assert_array_equal(out, np.maximum(x, 0))
    kernel(x, np.zeros(L, f32), f32(np.nan), out)
    np.testing.assert_array_equal(out, x)


@pytest.mark.parametrize("L", LANES)
def test_pooling_takes_the_first_of_equals(L):
    """The maximum of 2x2, its place, the first of equals; a NaN wins; 4 where ReLU is off."""
    four, one, two = size(4), size(1), size(2)

    @entry
    def kernel(x, bias, floor, out, arg):
        tile = vectors.loads(x, 0, L, four, one, lanes)
        epilogues.pool_store(tile, two, bias, 0, floor, out, arg, 0, 0)

    lanes = size(L)
    window = np.random.default_rng(0).integers(-2, 3, (4, L)).astype(f32)
    window[2, 1] = np.nan
    window[:, 2] = -1
    out, arg = np.zeros(L, f32), np.zeros(L, np.uint8)
    kernel(window.ravel(), np.zeros(L, f32), f32(0), out, arg)
    top = window.max(axis=0)
    np.testing.assert_array_equal(out, np.maximum(top, 0))
    np.testing.assert_array_equal(arg, np.where(top <= 0, 4, window.argmax(axis=0)))


@pytest.mark.parametrize("filters", [2, 3, 6])
@pytest.mark.parametrize("L", LANES)
def test_columns_become_windows(L, filters):
    """Two rows of L positions a filter become windows of maxima; the first of equals, and a NaN, win."""
    one, many = size(1), size(filters)

    @entry
    def kernel(top, bottom, bias, floor, out, arg):
        lanes = size_of
        rows = vectors.loads(top, 0, L, many, one, lanes), vectors.loads(bottom, 0, L, many, one, lanes)
        epilogues.pool_columns_store(rows[0], rows[1], bias, floor, out, arg, 0, filters)

    size_of = size(L)
    rows = np.random.default_rng(L).integers(-2, 3, (2, filters, L)).astype(f32)
    rows[0, 0, 1] = np.nan
    bias = np.arange(filters, dtype=f32)
    out, arg = np.zeros(L * filters + 32, f32), np.zeros(L * filters + 32, np.uint8)
    kernel(rows[0].ravel(), rows[1].ravel(), bias, f32(0), out, arg)
    windows = rows.reshape(2, filters, L // 2, 2).transpose(2, 1, 0, 3).reshape(L // 2, filters, 4)
    top = windows.max(axis=2) + bias
    count = L // 2 * filters
    np.testing.assert_array_equal(out[:count].reshape(-1, filters), np.maximum(top, 0))
    np.testing.assert_array_equal(
        arg[:count].reshape(-1, filters), np.where(top <= 0, 4, windows.argmax(axis=2))
    )
