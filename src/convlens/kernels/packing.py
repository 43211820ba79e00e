"""Filters in the order in which kernels read them, packed at each step. Must not know layers.

Of many numbers each thread packs some.
"""

from typing import Any

import numpy as np

from convlens.kernels.compiler import entry, inner
from convlens.kernels.parts import PARTS, in_parts

__all__ = ["many", "pack_blocks", "pack_rows", "sum_parts", "unpack_dense", "unpack_rows"]

LARGE = 8192
"""Numbers from which waking the threads is worth it."""


@inner
def many(numbers: Any) -> Any:
    """Return into how many parts so many numbers are split."""
    return PARTS if numbers >= LARGE else 1


@inner
def pack_blocks_part(t, parts, w, out, outer, shape, strides, block):
    """Do part t of `pack_blocks`: some rows u of all blocks."""
    (F, first), (KH, KW, C), (sf, su, sv, sc) = outer, shape, strides
    rows = (F + block - 1) // block * KH
    for r in range(t * rows // parts, (t + 1) * rows // parts):
        q, u = r // KH, r % KH
        f, k = max(min(q * block, F - block), 0), r * KW * C * block
        filters = min(block, F - f)
        for v in range(KW):
            p = first + f * sf + u * su + v * sv
            for c in range(C):
                for lane in range(filters):
                    out[k + lane] = w[p + c * sc + lane * sf]
                k += block


@entry
def pack_blocks(w: Any, out: Any, outer: Any, shape: Any, strides: Any, block: int) -> None:
    """out[q][u][v][c][lane] = w[first + f*sf + u*su + v*sv + c*sc], f = the filter in this lane of block q.

    Args:
        w: flat weights, in any order.
        out: flat, all blocks.
        outer: (filters F, the position `first` of the first weight).
        shape: (kernel rows, kernel columns, channels).
        strides: (sf, su, sv, sc); negative ones read a kernel upside down.
        block: filters in a block. With more than one block the last one ends with the last filter, so
            that no lane is spare; then some filters are in two blocks.
    """
    in_parts(pack_blocks_part, many(w.size), (w, out, outer, shape, strides, block))


@inner
def pack_rows_part(t, parts, w, out, F, shape, width):
    """Do part t of `pack_rows`: some filters."""
    KH, KW, C = shape
    for f in range(t * F // parts, (t + 1) * F // parts):
        for c in range(C):
            for u in range(KH):
                o, p = (f * KH + u) * width + c, ((f * C + c) * KH + u) * KW
                for v in range(KW):
                    out[o + v * C] = w[p + v]


@entry
def pack_rows(w: Any, out: Any, F: int, shape: Any, width: int) -> None:
    """out[f][u][v*C + c] = w[f, c, u, v], rows of `width` numbers (those past KW*C stay zero)."""
    in_parts(pack_rows_part, many(w.size), (w, out, F, shape, width))


@entry
def sum_parts(part: Any) -> None:
    """part[0] += part[1] + part[2] + … in this order, on one thread: two are no faster."""
    total = part[0]
    for t in range(1, part.shape[0]):
        p = part[t]
        for i in range(total.size):
            total[i] += p[i]


@inner
def unpack_rows_part(t, parts, total, dw, F, shape, tiles):
    """Do part t of `unpack_rows`: some filters."""
    (KH, KW, C), (count, width) = shape, tiles
    for f in range(t * F // parts, (t + 1) * F // parts):
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
    """dw[f, c, u, v] = total[f][column tile][u][lane]: back from patch rows (see sparse.py).

    tiles: (column tiles of a patch row, numbers in one).
    """
    in_parts(unpack_rows_part, many(dw.size), (total, dw, F, shape, tiles))


@inner
def unpack_dense_part(t, parts, total, dw, F, shape, tiles):
    """Do part t of `unpack_dense`: some filters."""
    (KH, KW, C), (RU, RS, block) = shape, tiles
    KC = KW * C
    nu, ns = (KH + RU - 1) // RU, (KC + RS - 1) // RS
    for f in range(t * F // parts, (t + 1) * F // parts):
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
    """dw[f, c, u, v] = total[f // block][u // RU][s0 // RS][u % RU][s][f % block] (see dense.py).

    tiles: (RU, RS, block). Tiles at an end overlap the one before; any of the two may be read.
    """
    in_parts(unpack_dense_part, many(dw.size), (total, dw, F, shape, tiles))
