"""The ways of a forward convolution, beside NumPy."""

from dataclasses import astuple

import numpy as np
import pytest
from references import convolved, flat, framed, integers, maxima, output, reads, slots

from convlens.engine.memory import EMPTY, aligned, scratch
from convlens.engine.tiles import ColumnTile, ForwardTile, WinogradTile
from convlens.kernels.convolution.forward import convolution, convolution_pool
from convlens.kernels.convolution.forward_columns import convolution_columns
from convlens.kernels.convolution.forward_winograd import GAP, convolution_winograd, transform_filters
from convlens.kernels.convolution.packing import pack_blocks
from convlens.kernels.runtime.machine import lanes
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.simd.vectors import size

RELU, IDENTITY = np.float32(0), np.float32(np.nan)


def packed(w, block):
    F, C, kh, kw = w.shape
    out = aligned(-(-F // block) * kh * kw * C * block)
    pack_blocks(flat(w), out, (F, 0), (kh, kw, C), (C * kh * kw, kw, 1, kh * kw), block)
    return out


def biases(b):
    out = aligned(len(b))
    out[: len(b)] = b
    return out


def floored(z, floor):
    return z if np.isnan(floor) else np.maximum(z, floor)


def pooled_wanted(z, floor):
    """Return (maxima behind ReLU, winners)."""
    top, winner = maxima(z)
    return floored(top, floor), np.where(top <= 0, 4, winner) if floor == 0 else winner


def winners_in(winner, frame, n):
    """Read winners out of a frame."""
    rows = winner[: n * frame.size].reshape(n, frame.size)
    F, P, Q = frame.shape
    lines = [rows[:, frame.origin + i * frame.row :][:, : Q * F].reshape(n, Q, F) for i in range(P)]
    return np.stack(lines, axis=1).transpose(0, 3, 1, 2)


@pytest.mark.parametrize("floor", [RELU, IDENTITY])
@pytest.mark.parametrize(
    ("kernel", "C", "F", "stride", "pad"),
    [((5, 5), 1, 6, (1, 1), (2, 2)), ((3, 3), 3, 40, (1, 1), (1, 1)), ((3, 2), 2, 17, (2, 1), (0, 1)),
     ((1, 1), 1, 1, (1, 1), (0, 0))],
)  # fmt: skip
def test_plain(kernel, C, F, stride, pad, floor):
    """Every position is written, the border stays zero, and samples come in the book's order too."""
    n, x, w, b = 9, integers(0, 9, C, 9, 11), integers(1, F, C, *kernel), integers(2, F)
    wanted = floored(convolved(x, w, b, stride, pad), floor)
    P, Q = wanted.shape[2:]
    tile = ForwardTile.choose(F, Q, pooled=False)
    source, out = framed(x, pad), framed(np.zeros_like(wanted), (1, 1))
    features = F * P * Q + 8
    rows = aligned(n * features)
    sizes = reads(source, pad, stride), (*out.sizes, features), (kernel[0], kernel[1] * C, F, P, Q), SHARES
    filters = packed(w, tile.block)
    convolution(*astuple(tile))(source.value, filters, biases(b), floor, out.value, rows, n, *sizes)
    np.testing.assert_array_equal(out.view(n), wanted)
    np.testing.assert_array_equal(rows[: n * features].reshape(n, -1)[:, : F * P * Q], wanted.reshape(n, -1))
    out.view(n)[...] = 0
    assert not out.value[: n * out.size].reshape(n, -1)[:, : out.size - 128].any(), "zeros end each row"


@pytest.mark.parametrize("floor", [RELU, IDENTITY])
@pytest.mark.parametrize(
    ("kernel", "C", "F", "pad"), [((5, 5), 1, 16, (2, 2)), ((5, 5), 6, 16, (0, 0)), ((3, 3), 2, 40, (1, 1))]
)
def test_pool(kernel, C, F, pad, floor):
    """Maxima over 2x2 and their winners; an odd row or column at the end is left out."""
    n, x, w, b = 9, integers(0, 9, C, 13, 15), integers(1, F, C, *kernel), integers(2, F)
    z = convolved(x, w, b, (1, 1), pad)
    wanted, winner = pooled_wanted(z, floor)
    P, Q = wanted.shape[2:]
    tile = ForwardTile.choose(F, z.shape[3], pooled=True)
    source, out = framed(x, pad), framed(np.zeros_like(wanted))
    won = aligned(n * out.size, np.uint8)
    sizes = reads(source, pad), output(out), (kernel[0], kernel[1] * C, F, P, Q), SHARES
    given = source.value, packed(w, tile.block), biases(b), floor, out.value, won, EMPTY, slots()
    convolution_pool(*astuple(tile))(*given, n, *sizes)
    np.testing.assert_array_equal(out.view(n), wanted)
    np.testing.assert_array_equal(winners_in(won, out, n), winner)


@pytest.mark.parametrize("floor", [RELU, IDENTITY])
@pytest.mark.parametrize("F", [1, 3, 4])
def test_columns(F, floor):
    """The same with lanes along a row of the picture."""
    n, pad, width = 9, (1, 1), 2 * lanes() + 5
    x, w, b = integers(0, n, 1, 10, width), integers(1, F, 1, 3, 2), integers(2, F)
    z = convolved(x, w, b, (1, 1), pad)
    wanted, winner = pooled_wanted(z, floor)
    P, Q = wanted.shape[2:]
    tile = ColumnTile.choose(F, z.shape[3], 1)
    if tile is None:
        pytest.skip("vectors are too narrow for so many filters")
    source, out = framed(x, pad), framed(np.zeros_like(wanted))
    won = aligned(n * out.size, np.uint8)
    given = source.value, packed(w, tile.block), biases(b), floor, out.value, won, EMPTY, slots()
    sizes = reads(source, pad), output(out), (3, 2, F, P, Q), SHARES
    convolution_columns(*astuple(tile))(*given, n, *sizes)
    np.testing.assert_array_equal(out.view(n), wanted)
    np.testing.assert_array_equal(winners_in(won, out, n), winner)


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize(("C", "F", "side"), [(16, 16, (9, 11)), (16, 32, (6, 8)), (32, 48, (4, 4))])
def test_winograd(C, F, side, pooled):
    """Winograd's way gives what the definition gives: small integers make every quarter exact."""
    n, pad, floor = 9, (1, 1), RELU
    x, w, b = integers(0, n, C, *side), integers(1, F, C, 3, 3), integers(2, F)
    z = convolved(x, w, b, (1, 1), pad)
    wanted, winner = pooled_wanted(z, floor) if pooled else (floored(z, floor), None)
    P, Q = wanted.shape[2:]
    tiles = P * Q if pooled else -(-P // 2) * -(-Q // 2)
    tile = WinogradTile.choose(F, C, tiles)
    blocks = F // tile.block
    transformed = aligned(blocks * 16 * C * tile.block)
    transform_filters(packed(w, tile.block), transformed, blocks, C, size(tile.vectors), size(tile.lanes))
    source, out = framed(x, pad), framed(np.zeros_like(wanted))
    won = aligned(n * out.size, np.uint8) if pooled else EMPTY
    room = scratch(*(16 * (tile.tiles * count + GAP) for count in (C, F)))
    given = source.value, transformed, biases(b), floor, out.value, won, EMPTY, *room
    sizes = reads(source, pad), output(out), (3, 3 * C, F, P, Q), SHARES
    convolution_winograd(*astuple(tile), pooled)(*given, n, *sizes)
    np.testing.assert_array_equal(out.view(n), wanted)
    if pooled:
        np.testing.assert_array_equal(winners_in(won, out, n), winner)
