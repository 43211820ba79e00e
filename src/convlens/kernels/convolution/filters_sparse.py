"""The backward convolution that skips zeros: after 2x2 max-pooling and ReLU at most a quarter is not zero.

Must not know layers. Live entries are listed; each adds g * patch to its filter's gradient and g * filter to
the patch of the input's gradient, lanes along the contiguous (column, channel) axis of a patch row.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from convlens.kernels.layout import unflatten
from convlens.kernels.masking import add_columns, mask_rows
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.runtime.slots import give, take
from convlens.kernels.simd.vectors import axpy_rows, fma_rows, loads, size, stores

__all__ = ["convolution_sparse"]


@inner
def live_entries(d: Any, winner: Any, o: int, grid: Any, where: Any, offset: Any, g: Any) -> Any:
    """List the gradients of one (sample, filter) that are not zero: position of the patch, and value.

    grid: (P, Q, row, F) of d and winner; where: (step_y, step_x) of a position, (arg_y, arg_x) of a window's
    members. No branches and unsigned indices. Columns outside, rows inside: neighbours on the list then
    touch different rows of the input, so that in `patch_scatter` no vector is loaded right after an
    overlapping store.
    """
    P, Q, row, F = grid
    step_y, step_x, arg_y, arg_x = where
    m, one = np.uint64(0), np.uint64(1)
    down, right = np.uint64(arg_y), np.uint64(arg_x)
    for j in range(Q):
        for i in range(P):
            p = np.uint64(o + i * row + j * F)
            k, v = np.uint64(winner[p]), d[p]
            offset[m] = np.uint64(i * step_y + j * step_x) + (k >> one & one) * down + (k & one) * right
            g[m] = v  # written in any case: a dead entry is overwritten by the next one
            m += np.uint64(v != 0)
    return np.int64(m)


@inner
def patch_sums(partial, o, g, offset, m, x, xo, row, sizes):
    """partial[u, s] += sum_m g[m] * x[offset[m] + u, s] for one tile, in registers.

    sizes: (vectors of the tile, vectors of one patch row in it, lanes), as tuples.
    """
    tile, cols, lanes = sizes
    acc = loads(partial, o, 0, 1, tile, lanes)
    for i in range(m):
        e = np.uint64(i)
        acc = fma_rows(acc, g[e], x, xo + np.int64(offset[e]), row, cols)
    stores(partial, o, 0, tile, acc)


@inner
def patch_scatter(dx: Any, xo: int, g: Any, offset: Any, m: int, w: Any, wo: int, sizes: Any) -> None:
    """dx[offset[m] + s] += g[m] * w[s] for one patch row."""
    _, cols, lanes = sizes
    filters = loads(w, wo, 0, 1, cols, lanes)  # once for all entries
    for i in range(m):
        e = np.uint64(i)
        axpy_rows(dx, xo + np.int64(offset[e]), 0, cols, g[e], filters)


@inner
def direct_sums(partial: Any, f: int, d: Any, winner: Any, p0: int, grid: Any, where: Any, x: Any, xo: int,
                row: int, delta: Any, sizes: Any) -> None:  # fmt: skip
    """As `patch_sums`, for filters f to f + 2 whole over all outputs of a sample.

    Zeros included, no list: cheaper where a patch is only a few vectors.
    """
    tile, cols, lanes = sizes
    P, Q, out_row, F = grid
    kc = len(tile) * len(lanes)
    o = f * kc
    # One filter alone would have too few accumulators to hide the latency of a multiply-add.
    a0, a1 = loads(partial, o, 0, 1, tile, lanes), loads(partial, o + kc, 0, 1, tile, lanes)
    a2 = loads(partial, o + 2 * kc, 0, 1, tile, lanes)
    filters, one, two = np.uint64(F), np.uint64(1), np.uint64(2)
    for i in range(P):
        xi, p = xo + i * where[0], np.uint64(p0 + i * out_row)
        for _ in range(Q):
            a0 = fma_rows(a0, d[p], x, xi + delta[np.uint64(winner[p])], row, cols)
            a1 = fma_rows(a1, d[p + one], x, xi + delta[np.uint64(winner[p + one])], row, cols)
            a2 = fma_rows(a2, d[p + two], x, xi + delta[np.uint64(winner[p + two])], row, cols)
            p += filters
            xi += where[1]
    stores(partial, o, 0, tile, a0)
    stores(partial, o + kc, 0, tile, a1)
    stores(partial, o + 2 * kc, 0, tile, a2)


@inner
def filter_sums(partial, f, x, xo, row, offset, g, live, shape, sizes):
    """`patch_sums` for all tiles of filter f; shape: (KH, tiles of a patch row)."""
    KH, tiles = shape
    tile, cols, lanes = sizes
    width, rows = len(cols) * len(lanes), len(tile) // len(cols)
    for c in range(tiles):
        for u in range(0, KH, rows):
            o = ((f * tiles + c) * KH + u) * width
            patch_sums(partial, o, g, offset, live, x, xo + c * width + u * row, row, sizes)


@inner
def filter_scatter(dx, xo, row, w, f, offset, g, live, shape, sizes):
    """`patch_scatter` for all patch rows of filter f."""
    KH, tiles = shape
    width = len(sizes[1]) * len(sizes[2])
    for c in range(tiles):
        for u in range(KH):
            o = (f * KH + u) * tiles * width + c * width
            patch_scatter(dx, xo + c * width + u * row, g, offset, live, w, o, sizes)


@inner
def prepare(d, flat, at, winner, origin, d_row, shape, lanes):
    """Fetch one sample's derivatives from `flat`, if that is not empty, and mask them."""
    F, P, Q = shape
    if flat.size:
        unflatten(flat, at, d, origin, d_row, shape)
    mask_rows(d, winner, origin, (P, Q, d_row, F), lanes)


@inner
def scatter_share(t, shares, d, flat, winner, slots, w, dx, offset, g, n, reads, output, shape, sizes):
    """Do share t of dx alone: some samples, of which it prepares the derivatives, too."""
    (x_size, patch, row, step_y, step_x), (d_size, origin, d_row, ld, window, _) = reads, output
    KH, tiles, F, P, Q = shape
    where, grid, slot = (window * step_y, window * step_x, step_y, step_x), (P, Q, d_row, F), take(slots)
    offset, g = offset[slot], g[slot]
    for m in range(t * n // shares, (t + 1) * n // shares):
        dy, a = d[m * d_size :], winner[m * d_size :]
        prepare(dy, flat, m * ld, a, origin, d_row, (F, P, Q), sizes[2])
        dx[m * x_size : (m + 1) * x_size] = 0
        for f in range(F):
            live = live_entries(dy, a, origin + f, grid, where, offset, g)
            filter_scatter(dx, m * x_size + patch, row, w, f, offset, g, live, (KH, tiles), sizes)
    give(slots, slot)


@inner
def listed_share(t, shares, x, d, flat, winner, slots, prepared, w, dx, partial, db, offset, g, n,
                 is_first_piece, reads, output, shape, sizes):  # fmt: skip
    """Do share t of `convolution_sparse` with a list of live entries; sizes as in `patch_sums`.

    That is a group of samples and, if derivatives are prepared, a block of filters: else all of them.
    """
    (x_size, patch, row, step_y, step_x), (d_size, origin, d_row, ld, window, kept) = reads, output
    (KH, tiles, F, P, Q), groups = shape, partial.shape[0]
    where, grid = (window * step_y, window * step_x, step_y, step_x), (P, Q, d_row, F)
    blocks = shares // groups
    group, block, slot = t // blocks, t % blocks, take(slots)
    sums, db, offset, g = partial[group], db[group], offset[slot], g[slot]
    first, end = block * F // blocks, (block + 1) * F // blocks
    numbers = KH * tiles * len(sizes[1]) * len(sizes[2])
    if is_first_piece:
        sums[first * numbers : end * numbers] = 0
        if block == 0:
            db[:] = 0
    for m in range(group * n // groups, (group + 1) * n // groups):
        dy, a = d[(m if kept else slot) * d_size :], winner[m * d_size :]
        if not prepared:
            prepare(dy, flat, m * ld, a, origin, d_row, (F, P, Q), sizes[2])
        if block == 0:
            add_columns(dy, origin, grid, db, sizes[2])
        if dx.size:
            dx[m * x_size : (m + 1) * x_size] = 0
        for f in range(first, end):  # one list serves dW and dx while it is in the first-level cache
            live = live_entries(dy, a, origin + f, grid, where, offset, g)
            filter_sums(sums, f, x, m * x_size + patch, row, offset, g, live, (KH, tiles), sizes)
            if dx.size:
                filter_scatter(dx, m * x_size + patch, row, w, f, offset, g, live, (KH, tiles), sizes)
    give(slots, slot)


@inner
def direct_share(t, shares, x, d, flat, winner, slots, delta, partial, db, n, is_first_piece,
                 reads, output, shape, sizes):  # fmt: skip
    """The same for `direct_sums`, without dx; spare filters of the last three go to spare rows of partial."""
    (x_size, patch, row, step_y, step_x), (d_size, origin, d_row, ld, window, kept) = reads, output
    _, _, F, P, Q = shape
    where, grid = (window * step_y, window * step_x, step_y, step_x), (P, Q, d_row, F)
    sums, db, slot = partial[t], db[t], take(slots)
    if is_first_piece:
        sums[:] = 0
        db[:] = 0
    for m in range(t * n // shares, (t + 1) * n // shares):
        dy, a = d[(m if kept else slot) * d_size :], winner[m * d_size :]
        prepare(dy, flat, m * ld, a, origin, d_row, (F, P, Q), sizes[2])
        add_columns(dy, origin, grid, db, sizes[2])
        for f in range(0, F, 3):
            direct_sums(sums, f, dy, a, origin + f, grid, where, x, m * x_size + patch, row, delta, sizes)
    give(slots, slot)


@cache
def convolution_sparse(U: int, V: int, L: int, direct: bool) -> Callable[..., None]:
    """Return the kernel for tiles of U patch rows, a divisor of KH, x V vectors of L numbers.

    `direct`: with `direct_sums`, which makes no dx.
    """
    SIZES = (size(U * V), size(V), size(L))

    @entry
    def backward(x, d, flat, winner, slots, delta, w, dx, partial, db, offset, g, n, is_first_piece,
                 reads, output, shape, large, shares):  # fmt: skip
        """partial[t][f][tile][u] += sum_m sum_live g * x patch; db[t, f] += sum g; dx = sum_live g * w[f].

        d is read from the rows of `flat`, if that is not empty, and masked in place by `winner`, which
        `pool_store` wrote, or `mark_off` where there is no pooling. Where dx is empty it is left out, and so
        is w, in patch rows (`pack_rows`). In the first piece of a batch all sums start at 0.
        delta: where the four members of a window start, and 0; output: `ListedSizes`; shape: `SparseSizes`.

        t is a group of samples. If the bank is `large`, groups are few, and each is split into blocks of
        filters, together at most `shares`; dx is then made before, sample by sample, from lists of its own,
        and d must have room for all samples.
        """
        groups, sizes = partial.shape[0], (n, is_first_piece, reads, output, shape, SIZES)
        given, sums, lists = (x, d, flat, winner, slots), (partial, db), (offset, g)
        if direct:
            in_shares(direct_share, groups, (*given, delta, *sums, *sizes))
        elif large:
            scattered = (*given[1:], w, dx, *lists, n, reads, output, shape, SIZES)
            in_shares(scatter_share, min(n, shares), scattered)
            blocks = max(1, min(shape[2], shares // groups))
            in_shares(listed_share, groups * blocks, (*given, True, w, dx[:0], *sums, *lists, *sizes))
        else:
            in_shares(listed_share, groups, (*given, False, w, dx, *sums, *lists, *sizes))

    return backward
