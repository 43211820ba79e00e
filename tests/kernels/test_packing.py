"""Filters into the orders in which kernels read them, and gradients back into W's."""

import numpy as np
import pytest
from references import flat, integers

from convlens.kernels.convolution.packing import (
    pack_blocks,
    pack_rows,
    unpack_dense,
    unpack_rows,
)
from convlens.kernels.shares import LARGE


def of_groups(total, F):
    """Return sums of three groups that add up to six times this, and biases of as many."""
    times = np.array([[1], [2], [3]], np.float32)
    return times * flat(total), times * np.arange(F, dtype=np.float32)


SHAPES = [(5, 3, 2, 3), (16, 1, 5, 5), (1, 1, 1, 1), (40, 16, 4, 4)]  # the last one on several threads


def test_the_last_shape_is_large():
    """Otherwise no test would split the work."""
    assert np.prod(SHAPES[-1]) >= LARGE


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("block", [4, 16])
def test_blocks(shape, block):
    """Filters side by side, row by row, column by column, channel by channel; the last block ends with F."""
    w = integers(0, *shape)
    F, C, kh, kw = shape
    blocks = -(-F // block)
    out = np.zeros((blocks, kh, kw, C, block), np.float32)
    pack_blocks(flat(w), out.reshape(-1), (F, 0), (kh, kw, C), (C * kh * kw, kw, 1, kh * kw), block)
    for q in range(blocks):
        start = max(min(q * block, F - block), 0)
        some = w[start : start + block].transpose(2, 3, 1, 0)
        np.testing.assert_array_equal(out[q, ..., : some.shape[3]], some)


def test_blocks_upside_down():
    """For dx filters and channels change places, and negative steps turn the kernel around."""
    w = integers(0, 5, 3, 2, 3)
    F, C, kh, kw = w.shape
    out = np.zeros((1, kh, kw, F, 4), np.float32)
    order = (kh * kw, -kw, -1, C * kh * kw)
    pack_blocks(flat(w), out.reshape(-1), (C, kh * kw - 1), (kh, kw, F), order, 4)
    np.testing.assert_array_equal(out[0, ..., :C], w[:, :, ::-1, ::-1].transpose(2, 3, 0, 1))


@pytest.mark.parametrize("shape", SHAPES)
def test_patch_rows_there_and_back(shape):
    """A patch row holds columns and channels side by side; its gradient comes in tiles of a row."""
    w = integers(0, *shape)
    F, C, kh, kw = shape
    width, tiles = 8, -(-kw * C // 8)
    rows = np.zeros((F, kh, tiles * width), np.float32)
    pack_rows(flat(w), rows.reshape(-1), F, (kh, kw, C), tiles * width)
    wanted = w.transpose(0, 2, 3, 1).reshape(F, kh, kw * C)
    np.testing.assert_array_equal(rows[..., : kw * C], wanted)
    assert not rows[..., kw * C :].any()
    total = rows.reshape(F, kh, tiles, width).transpose(0, 2, 1, 3)
    back, db = np.zeros(w.size, np.float32), np.zeros(F, np.float32)
    unpack_rows(*of_groups(total, F), back, db, F, (kh, kw, C), (tiles, width))
    np.testing.assert_array_equal(back.reshape(shape), 6 * w)
    np.testing.assert_array_equal(db, 6 * np.arange(F))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("RU", "RS", "block"), [(1, 1, 8), (1, 2, 16), (2, 3, 8)])
def test_dense_tiles_back(shape, RU, RS, block):
    """Tiles that do not divide a patch or the filters overlap at the end."""
    w = integers(0, *shape)
    F, C, kh, kw = shape
    RU, RS = min(RU, kh), min(RS, kw * C)  # no larger tile is chosen for so small a kernel
    matrix = w.transpose(0, 2, 3, 1).reshape(F, kh, kw * C)
    tiles = []
    for q in range(-(-F // block)):
        f = max(min(q * block, F - block), 0)
        for u in (min(t * RU, kh - RU) for t in range(-(-kh // RU))):
            for s in (min(t * RS, kw * C - RS) for t in range(-(-kw * C // RS))):
                tile = np.full((RU, RS, block), 99, np.float32)  # lanes past F mean nothing
                some = matrix[f : f + block, u : u + RU, s : s + RS]
                tile[..., : len(some)] = some.transpose(1, 2, 0)
                tiles.append(tile)
    back, db = np.zeros(w.size, np.float32), np.zeros(F, np.float32)
    unpack_dense(*of_groups(np.stack(tiles), F), back, db, F, (kh, kw, C), (RU, RS, block))
    np.testing.assert_array_equal(back.reshape(shape), 6 * w)
    np.testing.assert_array_equal(db, 6 * np.arange(F))


def test_partial_sums_are_added_in_order():
    """From the first group to the last: another order would give other bits."""
    rng, filters = np.random.default_rng(0), 40
    weights, biases = (rng.standard_normal((8, n)).astype(np.float32) for n in (filters * 300, filters))
    wanted = [np.add.accumulate(rows)[-1] for rows in (weights, biases)]
    found = [np.zeros_like(total) for total in wanted]
    unpack_rows(weights, biases, *found, filters, (1, 300, 1), (1, 300))
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(one, other)
