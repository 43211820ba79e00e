"""Filters in the order in which kernels read them, packed at each step. Must not know layers.

Of many numbers each thread packs some.
"""

from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import SHARES, in_shares

__all__ = ["many", "pack_blocks", "pack_rows", "sum_partials", "unpack_dense", "unpack_rows"]

LARGE = 8192
"""Numbers from which waking the threads is worth it."""


@inner
def many(numbers: Any) -> Any:
    """Return into how many shares so many numbers are split."""
    return SHARES if numbers >= LARGE else 1


@inner
def pack_blocks_share(t, shares, w, out, outer, shape, strides, block):
    """Do share t of `pack_blocks`: some rows u of all blocks."""
    (F, start), (KH, KW, C), (sf, su, sv, sc) = outer, shape, strides
    rows = (F + block - 1) // block * KH
    for r in range(t * rows // shares, (t + 1) * rows // shares):
        q, u = r // KH, r % KH
        f, k = max(min(q * block, F - block), 0), r * KW * C * block  # the last block ends with F
        filters = min(block, F - f)
        for v in range(KW):
            p = start + f * sf + u * su + v * sv
            for c in range(C):
                for lane in range(filters):  # lanes past F keep the zeros of `aligned`
                    out[k + lane] = w[p + c * sc + lane * sf]
                k += block


@entry
def pack_blocks(w: Any, out: Any, outer: Any, shape: Any, strides: Any, block: int) -> None:
    """out[q][u][v][c][lane] = w[start + f*sf + u*su + v*sv + c*sc], f = the filter in this lane of block q.

    Args:
        w: flat weights, in any order.
        out: flat, all blocks.
        outer: (filters F, the position `start` of the first weight).
        shape: `Taps`.
        strides: (sf, su, sv, sc); negative ones read a kernel upside down.
        block: filters in a block. With more than one block the last one ends with the last filter, so
            that no lane is spare; then some filters are in two blocks.
    """
    in_shares(pack_blocks_share, many(w.size), (w, out, outer, shape, strides, block))


@inner
def pack_rows_share(t, shares, w, out, F, shape, width):
    """Do share t of `pack_rows`: some filters."""
    KH, KW, C = shape
    for f in range(t * F // shares, (t + 1) * F // shares):
        for c in range(C):
            for u in range(KH):
                o, p = (f * KH + u) * width + c, ((f * C + c) * KH + u) * KW
                for v in range(KW):
                    out[o + v * C] = w[p + v]


@entry
def pack_rows(w: Any, out: Any, F: int, shape: Any, width: int) -> None:
    """out[f][u][v*C + c] = w[f, c, u, v], rows of `width` numbers (those past KW*C stay zero)."""
    in_shares(pack_rows_share, many(w.size), (w, out, F, shape, width))


@entry
def sum_partials(partial: Any) -> None:
    """partial[0] += partial[1] + partial[2] + … in this order, on one thread: two are no faster."""
    total = partial[0]
    for t in range(1, partial.shape[0]):
        p = partial[t]
        for i in range(total.size):
            total[i] += p[i]


@inner
def unpack_rows_share(t, shares, total, dw, F, shape, tiles):
    """Do share t of `unpack_rows`: some filters."""
    (KH, KW, C), (count, width) = shape, tiles
    for f in range(t * F // shares, (t + 1) * F // shares):
        for u in range(KH):
            v, c = 0, 0
            for tile in range(count):
                k = ((f * count + tile) * KH + u) * width
                for s in range(min(width, KW * C - tile * width)):
                    dw[((f * C + c) * KH + u) * KW + v] = total[k + s]
                    c += 1
                    if c == C:
                        v, c = v + 1, 0


@entry
def unpack_rows(total: Any, dw: Any, F: int, shape: Any, tiles: Any) -> None:
    """dw[f, c, u, v] = total[f][column tile][u][lane]: back from patch rows (see filters_sparse.py).

    tiles: (column tiles of a patch row, numbers in one).
    """
    in_shares(unpack_rows_share, many(dw.size), (total, dw, F, shape, tiles))


@inner
def unpack_dense_share(t, shares, total, dw, F, shape, tiles):
    """Do share t of `unpack_dense`: some filters."""
    (KH, KW, C), (RU, RS, block) = shape, tiles
    KC = KW * C
    nu, ns = (KH + RU - 1) // RU, (KC + RS - 1) // RS
    for f in range(t * F // shares, (t + 1) * F // shares):
        q = min(f // block, max((F + block - 1) // block - 1, 0))
        lane = f - max(min(q * block, F - block), 0)
        for u in range(KH):
            tu = u // RU
            du = u - min(tu * RU, KH - RU)
            for s in range(KC):
                ts = s // RS
                ds = s - min(ts * RS, KC - RS)
                k = ((((q * nu + tu) * ns + ts) * RU + du) * RS + ds) * block + lane
                dw[((f * C + s % C) * KH + u) * KW + s // C] = np.float32(total[k])


@entry
def unpack_dense(total: Any, dw: Any, F: int, shape: Any, tiles: Any) -> None:
    """dw[f, c, u, v] = total[f // block][u // RU][s0 // RS][u % RU][s][f % block] (see filters_dense.py).

    tiles: (RU, RS, block). Tiles at an end overlap the one before; any of the two may be read.
    """
    in_shares(unpack_dense_share, many(dw.size), (total, dw, F, shape, tiles))
