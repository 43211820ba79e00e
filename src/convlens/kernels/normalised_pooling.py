"""Batch normalisation, ReLU and 2x2 max-pooling in one pass, of frames. Must not know layers.

    y = max over a window of max(floor, (x - mean) · scale + beta)
    dx = scale · (g - (x - mean) · dvar - dmean)     g: dy where x has won its window, and is above the floor

Of four normalised numbers one is somebody's maximum: the others are never written. For it `kept` holds
x - mean, and `winner` which of the four it was (`OFF`: none is above the floor), both as y lies; so the sums
for the way back are over a quarter of the numbers, and x is read once. `shape` and `patterns` are those of
`normalisation.py`; vectors run over channels, of which there are `LANES` at least.
"""

import numpy as np

from convlens.kernels.normalisation import (
    BETA,
    DMEAN,
    DVAR,
    L8,
    LANES,
    MEAN,
    ROWS,
    SCALE,
    fold,
    place_of,
    set_slopes,
)
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.runtime.slots import give, take
from convlens.kernels.shares import many
from convlens.kernels.simd.epilogues import window_store
from convlens.kernels.simd.switches import where_won
from convlens.kernels.simd.vectors import fma, load, select_live, splat, store, vadd, vmul, vsub

__all__ = ["normalise_pool", "normalise_pool_backward"]


@inner
def pool_share(t, shares, x, y, kept, winner, floor, n, reads, writes, shape, patterns):
    """Do share t of `normalise_pool`: some rows of windows of all samples."""
    (size, origin, row), (P, Q, C) = reads, shape
    rows, low = P // 2, splat(floor, L8)
    for r in range(t * n * rows // shares, (t + 1) * n * rows // shares):
        o, p = place_of(r, rows, (size, origin, 2 * row)), place_of(r, rows, writes)
        for at in range(0, C, LANES):
            c = min(at, C - LANES)
            mean, scale = load(patterns[MEAN], c, L8), load(patterns[SCALE], c, L8)
            beta = load(patterns[BETA], c, L8)
            for j in range(Q // 2):
                a = o + 2 * j * C + c
                b = a + row
                d = (
                    vsub(load(x, a, L8), mean),
                    vsub(load(x, a + C, L8), mean),
                    vsub(load(x, b, L8), mean),
                    vsub(load(x, b + C, L8), mean),
                )
                values = (
                    fma(d[0], scale, beta),
                    fma(d[1], scale, beta),
                    fma(d[2], scale, beta),
                    fma(d[3], scale, beta),
                )
                window_store(values, d, low, y, kept, winner, p + j * C + c)


@entry
def normalise_pool(x, y, kept, winner, floor, n, reads, writes, shape, patterns):
    """y, kept and winner as at the head of this file; reads, writes: `FrameSizes` of x, and of the others."""
    shares = max(1, many(n * shape[0] * shape[1] * shape[2]))
    in_shares(pool_share, shares, (x, y, kept, winner, floor, n, reads, writes, shape, patterns))


@inner
def products_share(t, shares, d, kept, winner, n, frame, shape, slots, room, partial):
    """Do share t of the first half of `normalise_pool_backward`: sums of g and of g · (x - mean)."""
    rows, width = shape[0] // 2, shape[1] // 2 * shape[2]
    first, last = t * n * rows // shares, (t + 1) * n * rows // shares
    slot = take(slots)
    sums, total = room[slot], partial[t]
    half = sums.size // 2
    total[:] = 0
    sums[:] = 0
    for r in range(first, last):
        p = place_of(r, rows, frame)
        for j in range(0, width, LANES):  # the last vector's spare lanes are summed, and not read
            g = select_live(load(d, p + j, L8), winner, p + j)
            store(sums, j, vadd(load(sums, j, L8), g))
            store(sums, half + j, fma(g, load(kept, p + j, L8), load(sums, half + j, L8)))
        if (r - first) % ROWS == ROWS - 1 or r == last - 1:
            fold(sums, total, shape[1] // 2, shape[2])
    give(slots, slot)


@inner
def slope(x, o, g, patterns, c):
    """Return dx of the places o and behind of x, whose first channel is c."""
    centred = vsub(load(x, o, L8), load(patterns[MEAN], c, L8))
    rest = fma(centred, load(patterns[DVAR], c, L8), load(patterns[DMEAN], c, L8))
    return vmul(load(patterns[SCALE], c, L8), vsub(g, rest))


@inner
def inputs_share(t, shares, x, d, winner, dx, n, frames, shape, patterns):
    """Do share t of the second half: dx of some rows of windows, and of a last one that no window has."""
    ((size, origin, row), writes), (P, Q, C) = frames, shape
    rows, none = P // 2, splat(np.float32(0), L8)
    for r in range(t * n * rows // shares, (t + 1) * n * rows // shares):
        o, p = place_of(r, rows, (size, origin, 2 * row)), place_of(r, rows, writes)
        alone = P % 2 == 1 and r % rows == rows - 1
        for at in range(0, C, LANES):
            c = min(at, C - LANES)
            for j in range(Q // 2):
                a, q = o + 2 * j * C + c, p + j * C + c
                b, g = a + row, load(d, q, L8)
                store(dx, a, slope(x, a, where_won(g, winner, q, 0), patterns, c))
                store(dx, a + C, slope(x, a + C, where_won(g, winner, q, 1), patterns, c))
                store(dx, b, slope(x, b, where_won(g, winner, q, 2), patterns, c))
                store(dx, b + C, slope(x, b + C, where_won(g, winner, q, 3), patterns, c))
            for j in range(Q // 2 * 2, Q):  # a last column that no window has
                a = o + j * C + c
                store(dx, a, slope(x, a, none, patterns, c))
                store(dx, a + row, slope(x, a + row, none, patterns, c))
            for j in range(Q if alone else 0):
                a = o + 2 * row + j * C + c
                store(dx, a, slope(x, a, none, patterns, c))


@entry
def normalise_pool_backward(x, d, kept, winner, dx, n, frames, shape, room, grads, patterns, inverse):
    """dx as at the head of this file; the other derivatives, and all arguments, as of `normalise_backward`.

    d: the derivatives by y. frames: `FrameSizes` of x and dx, and of y, d, kept and winner.
    """
    _, slots, sums, partial = room
    P, Q, C = shape
    shares = max(1, many(n * P * Q * C))
    in_shares(products_share, shares, (d, kept, winner, n, frames[1], shape, slots, sums, partial))
    set_slopes(partial, shares, n, shape, grads, patterns, inverse)
    if dx.size:
        in_shares(inputs_share, shares, (x, d, winner, dx, n, frames, shape, patterns))
