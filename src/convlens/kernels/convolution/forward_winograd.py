"""Convolution with 3x3 filters and a stride of 1 in 2.25 times fewer multiply-adds. Must not know layers.

Winograd's F(2x2, 3x3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016): four
neighbouring outputs Y of one channel and one filter g come from a 4x4 patch d by

    Y = A^T [(G g G^T) * (B^T d B)] A        with * element by element.

Sums over channels may be taken before A, so each of the 16 elements is a matrix product of its own:
M[e] = D[e] U[e], tiles x channels by channels x filters. The four outputs are one window of 2x2 max-pooling.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from convlens.kernels.layout import flatten
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.runtime.slots import give, take
from convlens.kernels.shares import many
from convlens.kernels.simd.epilogues import pool_store, relu_store
from convlens.kernels.simd.transforms import winograd_filter, winograd_input, winograd_output
from convlens.kernels.simd.vectors import fma_outer, size, stores, zeros

__all__ = ["GAP", "convolution_winograd", "transform_filters"]

GAP = 16
"""Numbers between one of the 16 elements and the next one: a cache line, so that not all of them lie in the
same few lines of a cache."""


@inner
def transform_filters_share(t, shares, packed, u, blocks, channels, vectors, lanes):
    """Do share t of `transform_filters`: some channels of all blocks."""
    L, block = len(lanes), len(vectors) * len(lanes)
    for r in range(t * blocks * channels // shares, (t + 1) * blocks * channels // shares):
        q, c = r // channels, r % channels
        for v in range(0, block, L):
            o = (q * 9 * channels + c) * block + v
            winograd_filter(packed, o, channels * block, u, r * block + v, blocks * channels * block, lanes)


@entry
def transform_filters(packed: Any, u: Any, blocks: int, channels: int, vectors: Any, lanes: Any) -> None:
    """u[e][q][c] = G g G^T for all filters of block q, from packed[q][row][column][c] (`pack_blocks`)."""
    shares = many(9 * blocks * channels * len(vectors) * len(lanes))
    in_shares(transform_filters_share, shares, (packed, u, blocks, channels, vectors, lanes))


@inner
def place(tile, positions):
    """Return where a tile's outputs start; the last ones of an odd number overlap those before.

    positions: rows and columns before pooling.
    """
    rows, columns = positions
    across = (columns + 1) // 2
    return min(tile // across * 2, rows - 2), min(tile % across * 2, columns - 2)


@inner
def transform_patches(x, xo, row, d, start, channels, positions, sizes):
    """d[e][r][c] = B^T (4x4 patch of x) B for R tiles from `start` on; sizes: (R * V, R, V, lanes)."""
    R, lanes = len(sizes[1]), sizes[3]
    for r in range(R):
        i, j = place(start + r, positions)
        for c in range(0, channels, len(lanes)):
            o = xo + i * row + j * channels + c
            winograd_input(x, o, row, channels, d, r * channels + c, R * channels + GAP, lanes)


@inner
def multiply(d, u, m, channels, filters, sizes):
    """m[e][r][f] = sum_c d[e][r][c] u[e][q][c][lane] for R tiles."""
    tile, rows, cols, lanes = sizes
    R, block = len(rows), len(cols) * len(lanes)
    k = 0  # u is read once from end to end: it is too large for the first-level cache
    for e in range(16):
        for f in range(0, filters, block):
            acc = zeros(tile, lanes)
            o = e * (R * channels + GAP)
            for _ in range(channels):
                acc = fma_outer(acc, d, o, channels, 0, rows, 1, u, k)
                o += 1
                k += block
            stores(m, e * (R * filters + GAP) + f, filters, cols, acc)


@inner
def winograd_share(t, shares, x, u, bias, floor, out, winner, flat, slots, d, products, n,
                   reads, output, shape, sizes):  # fmt: skip
    """Do share t of `convolution_winograd`; sizes: (R * V, R, V, lanes, 1 or 2 for pooled)."""
    (x_size, patch, row, _, C), (out_size, origin, out_row, ld) = reads, output
    (_, _, F, P, Q), (_, rows, _, lanes, window) = shape, sizes
    R, L, step, tile = len(rows), len(lanes), len(window), sizes[:4]
    positions, tiles = (P * step, Q * step), (P * step + 1) // 2 * ((Q * step + 1) // 2)
    slot = take(slots)
    d, products = d[slot], products[slot]
    chunks = (tiles + R - 1) // R
    # Of an odd side the last tile overlaps the one before, and rounds otherwise: it has to be written later.
    # And a sample can be put in the book's order only when it is complete.
    whole = flat.size > 0 or positions[0] % 2 == 1 or positions[1] % 2 == 1
    count, each = (n, chunks) if whole else (n * chunks, 1)
    for chunk in range(t * count // shares * each, (t + 1) * count // shares * each):
        m, start = chunk // chunks, min(chunk % chunks * R, tiles - R)
        held = slot if step == 2 and flat.size else m  # without pooling the backward reads all outputs
        y, a = out[held * out_size :], winner[m * out_size :]
        transform_patches(x, m * x_size + patch, row, d, start, C, positions, tile)
        multiply(d, u, products, C, F, tile)
        for r in range(R):
            i, j = place(start + r, positions)
            for f in range(0, F, L):
                o = origin + i // step * out_row + j // step * F + f
                top = winograd_output(products, r * F + f, R * F + GAP, 0, lanes)
                bottom = winograd_output(products, r * F + f, R * F + GAP, 1, lanes)
                if step == 2:
                    pool_store(top + bottom, 2, bias, f, floor, y, a, o, F)
                else:
                    relu_store(top, bias, f, floor, y, o, F, 1)
                    relu_store(bottom, bias, f, floor, y, o + out_row, F, 1)
        if flat.size and chunk % chunks == chunks - 1:
            flatten(y, origin, out_row, flat, m * ld, (F, P, Q))
    give(slots, slot)


@cache
def convolution_winograd(R: int, V: int, L: int, pooled: bool) -> Callable[..., None]:
    """Return the kernel for R tiles of 2x2 outputs at a time x V vectors of L filters."""
    SIZES = (size(R * V), size(R), size(V), size(L), size(2 if pooled else 1))

    @entry
    def forward(x, u, bias, floor, out, winner, flat, slots, d, products, n, reads, output, shape, shares):
        """out = max(floor, convolution + bias), or its maxima over 2x2, as in forward.py.

        d, products: room for 16 * R channels and filters, for each slot. Channels are a multiple of L,
        filters of V * L, and there are at least R tiles; the last ones overlap those before.
        """
        given = (x, u, bias, floor, out, winner, flat, slots, d, products, n, reads, output, shape, SIZES)
        in_shares(winograd_share, shares, given)

    return forward
