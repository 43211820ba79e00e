"""The gradient of many filters behind pooling, beside NumPy."""

from dataclasses import astuple

import numpy as np
import pytest
from references import (
    filters_gradient,
    framed,
    integers,
    output,
    partial_sums,
    reads,
    slots,
    spread,
    winners,
    winners_framed,
)  # fmt: skip

from convlens.engine.memory import EMPTY
from convlens.engine.tiles import DenseTile
from convlens.kernels.convolution.filters_pooled import convolution_pooled
from convlens.kernels.convolution.packing import unpack_dense


@pytest.mark.parametrize(
    ("kernel", "C", "F", "pad"), [((3, 3), 2, 40, (1, 1)), ((5, 5), 1, 30, (0, 0)), ((2, 2), 1, 17, (0, 1))]
)
@pytest.mark.parametrize("pieces", [1, 3])
def test_pooled_filters(kernel, C, F, pad, pieces):
    """Each window's derivative goes to its winner's patch, for all filters side by side; pieces add up."""
    n, H, W = 9, 8 + kernel[0] - 1 - 2 * pad[0], 6 + kernel[1] - 1 - 2 * pad[1]
    x, (winner, d) = integers(0, n, C, H, W), winners(1, n, F, 4, 3)
    source, out = framed(x, pad), framed(d)
    out.grad_view(n)[...] = d
    tile = DenseTile.choose(F, kernel, C, pooled=True)
    block, (kh, kc) = tile.vectors * tile.lanes, (kernel[0], kernel[1] * C)
    tiles = -(-F // block) * -(-kh // tile.rows) * -(-kc // tile.numbers)
    sums = partial_sums(tiles * tile.rows * tile.numbers * block, F)
    sizes = reads(source, pad), output(out), (kh, kc, F, 4, 3), len(sums.weights)
    held, backward = winners_framed(winner, out), convolution_pooled(*astuple(tile))
    for k in range(pieces):
        backward(source.value, out.grad, EMPTY, held, slots(), *sums, n, k == 0, *sizes)
    dw, db = np.zeros(F * C * kernel[0] * kernel[1], np.float32), np.zeros(F, np.float32)
    unpack_dense(*sums, dw, db, F, (*kernel, C), (tile.rows, tile.numbers, block))
    wanted = pieces * spread(d, winner)
    found = dw.reshape(F, C, *kernel)
    np.testing.assert_array_equal(found, filters_gradient(x, wanted, kernel, (1, 1), pad))
    np.testing.assert_array_equal(db, wanted.sum(axis=(0, 2, 3)))
