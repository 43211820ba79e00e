"""The backward convolution that skips zeros, beside NumPy."""

from dataclasses import astuple

import numpy as np
import pytest
from references import (
    filters_gradient,
    flat,
    framed,
    input_gradient,
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
from convlens.engine.tiles import SparseTile
from convlens.kernels.convolution.filters_sparse import convolution_sparse
from convlens.kernels.convolution.packing import pack_rows, unpack_rows
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.runtime.slots import SLOTS


def run(x, d, winner, w, stride, pad, window, dx_wanted, pieces=1, large=False):
    """Run the kernel on frames; return (dW, db)."""
    F, C, kh, kw = w.shape
    tile = SparseTile.choose((kh, kw), C, dx_wanted)
    width = tile.vectors * tile.lanes
    tiles = -(-kw * C // width)
    rows = np.zeros(F * kh * tiles * width + 128, np.float32)
    pack_rows(flat(w), rows, F, (kh, kw, C), tiles * width)
    sums = partial_sums((F + 2) * kh * tiles * width, F)
    patch = reads(x, pad, stride)
    delta = np.array([0, patch[4], patch[3], patch[3] + patch[4], 0])
    entries = d.height * d.width + 1
    room = np.zeros((SLOTS, entries), np.int64), np.zeros((SLOTS, entries), np.float32)
    n = len(x.value) // x.size
    dx = x.grad if dx_wanted else EMPTY
    sizes = patch, output(d, window, 1), (kh, tiles, F, d.height, d.width), large, SHARES
    kernel = convolution_sparse(*astuple(tile))
    for k in range(pieces):
        kernel(x.value, d.grad, EMPTY, winner, slots(), delta, rows, dx, *sums, *room, n, k == 0, *sizes)
    dw, db = np.zeros(w.size, np.float32), np.zeros(F, np.float32)
    unpack_rows(*sums, dw, db, F, (kh, kw, C), (tiles, width))
    return dw.reshape(w.shape), db


@pytest.mark.parametrize(
    ("kernel", "C", "F", "pad", "dx_wanted", "large"),
    [
        ((5, 5), 1, 6, (2, 2), False, False),  # a whole patch in registers, three filters at a time
        ((5, 5), 1, 7, (0, 0), False, False),  # and one filter of the last three to spare
        ((5, 5), 6, 4, (0, 0), True, False),
        ((5, 5), 6, 4, (0, 0), True, True),  # dx apart, and blocks of filters
        ((3, 3), 16, 5, (1, 1), True, False),
        ((3, 3), 16, 5, (1, 1), True, True),
        ((3, 2), 3, 40, (1, 0), True, True),  # more filters than blocks
    ],
)
@pytest.mark.parametrize("n", [1, 9])
def test_behind_pooling(kernel, C, F, pad, dx_wanted, large, n):
    """Each window's derivative goes to its winner's patch and filter; where ReLU is off, nowhere."""
    H, W = 8 + kernel[0] - 1 - 2 * pad[0], 6 + kernel[1] - 1 - 2 * pad[1]
    x, w = integers(0, n, C, H, W), integers(1, F, C, *kernel)
    winner, d = winners(2, n, F, 4, 3)
    source, out = framed(x, pad), framed(d)
    out.grad_view(n)[...] = d
    held = winners_framed(winner, out)
    dw, db = run(source, out, held, w, (1, 1), pad, 2, dx_wanted, large=large)
    wanted = spread(d, winner)
    np.testing.assert_array_equal(dw, filters_gradient(x, wanted, kernel, (1, 1), pad))
    np.testing.assert_array_equal(db, wanted.sum(axis=(0, 2, 3)))
    if dx_wanted:
        dx = input_gradient(w, wanted, (C, H, W), (1, 1), pad)
        np.testing.assert_array_equal(source.grad_view(n), dx)


@pytest.mark.parametrize("stride", [(2, 2), (1, 2), (3, 1)])
def test_with_a_stride(stride):
    """Without pooling an output is its own winner: 0, or 4 where ReLU is off."""
    n, C, F, kernel, pad = 9, 4, 5, (3, 3), (1, 1)
    x, w = integers(3, n, C, 9, 8), integers(4, F, C, *kernel)
    grid = [(side + 2 - 3) // step + 1 for side, step in zip((9, 8), stride, strict=True)]
    d, on = integers(5, n, F, *grid), integers(6, n, F, *grid, low=0, high=2)
    source, out = framed(x, pad), framed(d)
    out.grad_view(n)[...] = d
    winner = winners_framed(np.where(on > 0, 0, 4).astype(np.uint8), out)
    dw, db = run(source, out, winner, w, stride, pad, 1, dx_wanted=True)
    np.testing.assert_array_equal(dw, filters_gradient(x, d * on, kernel, stride, pad))
    np.testing.assert_array_equal(db, (d * on).sum(axis=(0, 2, 3)))
    dx = input_gradient(w, d * on, (C, 9, 8), stride, pad)
    np.testing.assert_array_equal(source.grad_view(n), dx)


def test_pieces_add_up():
    """The first piece starts at zero, the others add to it."""
    x, w = integers(0, 3, 6, 8, 8), integers(1, 4, 6, 5, 5)
    winner, d = winners(2, 3, 4, 2, 2)
    source, out = framed(x), framed(d)
    out.grad_view(3)[...] = d
    held = winners_framed(winner, out)
    once = run(source, out, held, w, (1, 1), (0, 0), 2, dx_wanted=True)
    for large in (False, True):
        twice = run(source, out, held, w, (1, 1), (0, 0), 2, dx_wanted=True, pieces=2, large=large)
        for one, two in zip(once, twice, strict=True):
            np.testing.assert_array_equal(two, 2 * one)
