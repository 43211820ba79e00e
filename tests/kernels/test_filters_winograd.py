"""The gradient of 3x3 filters by Winograd's transforms, beside NumPy."""

from dataclasses import astuple

import numpy as np
import pytest
from references import filters_gradient, framed, integers, partial_sums, reads

from convlens.engine.memory import EMPTY, aligned_rows, scratch
from convlens.engine.tiles import GradientTile
from convlens.kernels.convolution.filters_winograd import (
    STRIP,
    convolution_winograd_gradient,
    unpack_transposed,
)
from convlens.kernels.convolution.forward_winograd import GAP


@pytest.mark.parametrize(
    ("C", "F", "grid"),
    [(16, 16, (6, 8)), (32, 16, (4, 4)), (16, 32, (12, 12)), (16, 16, (7, 6)), (32, 16, (5, 7))],
)
@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_winograd_filters(C, F, grid, pieces):
    """Strips of tiles run on over samples, and pieces add up before the transform back."""
    n, pad = 9, (1, 1)
    x = integers(0, n, C, *grid)
    y, d = integers(1, n, F, *grid, low=0, high=2), integers(2, n, F, *grid)
    source, out = framed(x, (2, 1)), framed(y, pad)  # an odd side's last tiles look one row further
    out.grad_view(n)[...] = d
    tile = GradientTile.choose(F, C, grid)
    sums = partial_sums(9 * C * F, F)
    products = aligned_rows(len(sums.weights), 16 * C * F)
    products[...] = 7
    slots, *room = scratch(*(16 * (STRIP * count + GAP) for count in (C, F)))
    backward = convolution_winograd_gradient(*astuple(tile))
    sizes = reads(source, pad), (*out.sizes, 0, out.size), (3, 3 * C, F, *grid), len(sums.weights)
    given = (source.value, out.grad, EMPTY, out.value, slots, products, *sums, *room, n)
    for k in range(pieces):
        backward(*given, k == 0, k == pieces - 1, *sizes)
    dw, db = np.zeros(9 * C * F, np.float32), np.zeros(F, np.float32)
    unpack_transposed(*sums, dw, db, C, F)
    live = pieces * np.where(y != 0, d, 0)
    # W's order is (F, C, kh, kw), and so is the kernel's but for the filters: channel, row, column, filter.
    np.testing.assert_array_equal(dw.reshape(F, C, 3, 3), filters_gradient(x, live, (3, 3), (1, 1), pad))
    np.testing.assert_array_equal(db, live.sum(axis=(0, 2, 3)))
