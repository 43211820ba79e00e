"""The gradient of 3x3 filters without pooling, by Winograd's transforms. Must not know layers.

With the matrices of forward_winograd.py, by the chain rule,

    dW = G^T [sum over tiles and samples of (B^T d B) * (A dY A^T)] G        with * element by element,

so each of the 16 elements is again a matrix product: channels x tiles by tiles x filters.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from convlens.kernels.convolution.forward_winograd import GAP
from convlens.kernels.convolution.packing import add_biases, add_partials
from convlens.kernels.layout import transpose, unflatten
from convlens.kernels.masking import add_columns, mask_span
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.runtime.slots import give, take
from convlens.kernels.shares import many
from convlens.kernels.simd.transforms import winograd_gradient, winograd_input, winograd_spread
from convlens.kernels.simd.vectors import fma_outer, loads, size, stores

__all__ = ["STRIP", "convolution_winograd_gradient", "unpack_transposed"]

STRIP = 32
"""Tiles whose transforms are held at a time."""


@inner
def transform(x, xo, x_row, d, o, d_row, patches, spread, slot, channels, filters, lanes):
    """Put B^T (patch of x) B and A (2x2 of d) A^T into a slot of the strip."""
    for c in range(0, channels, len(lanes)):
        to = slot * channels + c
        winograd_input(x, xo + c, x_row, channels, patches, to, STRIP * channels + GAP, lanes)
    for f in range(0, filters, len(lanes)):
        to = slot * filters + f
        winograd_spread(d, o + f, d_row, filters, spread, to, STRIP * filters + GAP, lanes)


@inner
def add_products(sums, d, spread, count, channels, filters, sizes):
    """sums[e][c][f] += sum_r d[e][r][c] spread[e][r][f] for `count` tiles r.

    sizes: (channels, vectors of filters, lanes) of a register tile, as tuples.
    """
    rows, cols, lanes = sizes
    for e in range(16):
        for c in range(0, channels, len(rows)):
            for f in range(0, filters, len(cols) * len(lanes)):
                at = (e * channels + c) * filters + f
                acc = loads(sums, at, filters, rows, cols, lanes)
                o, p = e * (STRIP * channels + GAP) + c, e * (STRIP * filters + GAP) + f
                for _ in range(count):
                    acc = fma_outer(acc, d, o, 1, 0, rows, 1, spread, p)
                    o += channels
                    p += filters
                stores(sums, at, filters, cols, acc)


@inner
def winograd_gradient_share(t, shares, x, d, flat, mask, slots, sums, partial, db, patches, spread, n,
                            is_first_piece, is_last_piece, reads, output, shape, sizes):  # fmt: skip
    """Do share t of `convolution_winograd_gradient`; sizes as in `add_products`."""
    (x_size, patch, x_row, _, C), (d_size, origin, d_row, ld, mask_size) = reads, output
    (_, _, F, P, Q), lanes = shape, sizes[2]
    total, out, db, slot = sums[t], partial[t], db[t], take(slots)
    patches, spread = patches[slot], spread[slot]
    if is_first_piece:
        total[:] = 0
        db[:] = 0
    waiting = 0  # tiles in the strip; a strip may hold tiles of several samples
    for m in range(t * n // shares, (t + 1) * n // shares):
        o = m * d_size + origin
        if flat.size:
            unflatten(flat, m * ld, d, o, d_row, (F, P, Q))
        if mask.size:
            mask_span(d, m * d_size, mask, m * mask_size, d_size - len(lanes), lanes)
            add_columns(d, o, (P, Q, d_row, F), db, lanes)
        for i in range(0, P, 2):
            for j in range(0, Q, 2):
                xo, do = m * x_size + patch + i * x_row + j * C, o + i * d_row + j * F
                transform(x, xo, x_row, d, do, d_row, patches, spread, waiting, C, F, lanes)
                waiting += 1
                if waiting == STRIP:  # a matrix product needs many tiles, the cache few
                    add_products(total, patches, spread, STRIP, C, F, sizes)
                    waiting = 0
    add_products(total, patches, spread, waiting, C, F, sizes)
    give(slots, slot)
    for c in range(C if is_last_piece else 0):  # G^T sums G is linear: once, of the sum
        for f in range(0, F, len(lanes)):
            winograd_gradient(total, c * F + f, C * F, out, c * 9 * F + f, F, lanes)


@cache
def convolution_winograd_gradient(R: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel for register tiles of R channels x V vectors of L filters."""
    SIZES = (size(R), size(V), size(L))

    @entry
    def backward(x, d, flat, mask, slots, sums, partial, db, patches, spread, n, is_first_piece,
                 is_last_piece, reads, output, shape, shares):  # fmt: skip
        """partial[t][c][u][v][f] = sum_m sum_{i,j} x[m, i + u, j + v, c] d[m, i, j, f], db[t, f] = sum d.

        `sums` start at 0 in the first piece of a batch; `partial` is written in the last one.

        d is read and masked as in filters_dense.py, and takes the same sizes. sums: room for 16 numbers a
        channel and filter, for each share; patches, spread: for 16 * STRIP channels and filters, for each
        slot. Channels are a multiple of R and L, filters of V * L. Where rows or columns of d are odd, it has
        a border of zeros, and x one row more, of any numbers, below what it is padded with.
        """
        held = (x, d, flat, mask, slots, sums, partial, db, patches, spread, n, is_first_piece, is_last_piece)
        in_shares(winograd_gradient_share, shares, (*held, reads, output, shape, SIZES))

    return backward


@inner
def unpack_transposed_share(t, shares, partial, dw, channels, filters):
    """Do share t of `unpack_transposed`: some channels."""
    first, end = t * channels // shares * 9, (t + 1) * channels // shares * 9
    add_partials(partial, first * filters, end * filters)
    transpose(partial[0], first * filters, filters, dw, first, channels * 9, end - first, filters)


@entry
def unpack_transposed(partial: Any, biases: Any, dw: Any, db: Any, channels: int, filters: int) -> None:
    """dw[f, c, k] = sum of partial[c, k, f] for the nine numbers k of a channel; db = sum of biases."""
    add_biases(biases, db)
    shares = min(channels, many(partial.shape[0] * dw.size))
    in_shares(unpack_transposed_share, shares, (partial, dw, channels, filters))
