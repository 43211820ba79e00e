"""The gradient of filters without pooling, beside NumPy."""

from dataclasses import astuple

import numpy as np
import pytest
from references import filters_gradient, framed, integers, partial_sums, reads

from convlens.engine.memory import EMPTY, aligned
from convlens.engine.tiles import DenseTile
from convlens.kernels.convolution.filters_dense import convolution_dense
from convlens.kernels.convolution.packing import unpack_dense


def run(source, out, mask, mask_size, kernel, pad, rows=EMPTY, features=0, pieces=1):
    """Run the kernel; return (dW, db)."""
    C, F, n = source.channels, out.channels, len(source.value) // source.size
    tile = DenseTile.choose(F, kernel, C, pooled=False)
    block, (kh, kc) = tile.vectors * tile.lanes, (kernel[0], kernel[1] * C)
    tiles = -(-F // block) * -(-kh // tile.rows) * -(-kc // tile.numbers)
    sums = partial_sums(tiles * tile.rows * tile.numbers * block, F)
    sizes = (
        reads(source, pad),
        (*out.sizes, features, mask_size),
        (kh, kc, F, out.height, out.width),
        len(sums.weights),
    )
    for k in range(pieces):
        convolution_dense(*astuple(tile))(
            source.value, out.grad, rows, mask, *sums, n, k == 0, *sizes
        )  # fmt: skip
    dw, db = np.zeros(F * C * kernel[0] * kernel[1], np.float32), np.zeros(F, np.float32)
    unpack_dense(*sums, dw, db, F, (*kernel, C), (tile.rows, tile.numbers, block))
    return dw.reshape(F, C, *kernel), db


CASES = [((3, 3), 1, 16, (1, 1)), ((3, 3), 16, 33, (0, 0)), ((2, 3), 5, 9, (1, 2)), ((1, 1), 1, 1, (0, 0))]


@pytest.mark.parametrize(("kernel", "C", "F", "pad"), CASES)
@pytest.mark.parametrize("n", [1, 9])
def test_dense_filters_behind_relu(kernel, C, F, pad, n):
    """Derivatives count where the output is not 0, and are 0 in the border afterwards."""
    x = integers(0, n, C, 6, 7)
    grid = 6 + 2 * pad[0] - kernel[0] + 1, 7 + 2 * pad[1] - kernel[1] + 1
    y, d = integers(1, n, F, *grid, low=0, high=3), integers(2, n, F, *grid)
    source, out = framed(x, pad), framed(y, (1, 1))
    out.grad[...] = 5  # rubbish in the border
    out.grad_view(n)[...] = d
    dw, db = run(source, out, out.value, out.size, kernel, pad)
    live = np.where(y != 0, d, 0)
    np.testing.assert_array_equal(dw, filters_gradient(x, live, kernel, (1, 1), pad))
    np.testing.assert_array_equal(db, live.sum(axis=(0, 2, 3)))
    np.testing.assert_array_equal(out.grad_view(n), live)
    rows = out.grad[: n * out.size].reshape(n, out.size)
    assert not rows[:, : out.origin].any(), "dx reads zeros above the first row"


def test_dense_filters_from_rows_in_the_books_order():
    """Derivatives may come as an affine layer writes them; one mask serves all samples without ReLU."""
    n, C, F, kernel = 9, 3, 10, (3, 3)
    x, d = integers(0, n, C, 6, 6), integers(1, n, F, 4, 4)
    source, out = framed(x), framed(np.zeros_like(d))
    mask = aligned(out.size)
    mask[: 4 * out.row] = 1
    features = 16 * F + 8
    rows = np.full((n, features), 9, np.float32)
    rows[:, : 16 * F] = d.reshape(n, -1)
    dw, db = run(source, out, mask, 0, kernel, (0, 0), rows.reshape(-1), features)
    np.testing.assert_array_equal(dw, filters_gradient(x, d, kernel))
    np.testing.assert_array_equal(db, d.sum(axis=(0, 2, 3)))


def test_dense_pieces_add_up():
    """The first piece starts at zero, the others add to it."""
    x, d = integers(0, 3, 5, 6, 6), integers(1, 3, 9, 4, 4)
    found = []
    for pieces in (1, 2):
        source, out = framed(x), framed(np.ones_like(d))
        out.grad_view(3)[...] = d
        found.append(run(source, out, out.value, out.size, (3, 3), (0, 0), pieces=pieces))
    for one, two in zip(*found, strict=True):
        np.testing.assert_array_equal(two, 2 * one)
