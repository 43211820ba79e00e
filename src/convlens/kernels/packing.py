"""Filters in the order in which kernels read them, packed at each step. Must not know layers."""

from typing import Any

import numpy as np

from convlens.kernels.compiler import entry

__all__ = ["pack_blocks", "pack_rows", "sum_parts", "unpack_dense", "unpack_rows"]


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
    F, first = outer
    KH, KW, C = shape
    sf, su, sv, sc = strides
    k = 0
    for q in range((F + block - 1) // block):
        f0 = max(min(q * block, F - block), 0)
        for u in range(KH):
            for v in range(KW):
                for c in range(C):
                    p = first + f0 * sf + u * su + v * sv + c * sc
                    for lane in range(min(block, F - f0)):
                        out[k + lane] = w[p + lane * sf]
                    k += block


@entry
def pack_rows(w: Any, out: Any, F: int, shape: Any, width: int) -> None:
    """out[f][u][v*C + c] = w[f, c, u, v], rows of `width` numbers (those past KW*C stay zero)."""
    KH, KW, C = shape
    for f in range(F):
        for c in range(C):
            for u in range(KH):
                o, p = (f * KH + u) * width + c, ((f * C + c) * KH + u) * KW
                for v in range(KW):
                    out[o + v * C] = w[p + v]


@entry
def sum_parts(part: Any) -> None:
    """part[0] += part[1] + part[2] + … in this order, whatever thread made them."""
    total = part[0]
    for t in range(1, part.shape[0]):
        p = part[t]
        for i in range(total.size):
            total[i] += p[i]


@entry
def unpack_rows(total: Any, dw: Any, F: int, shape: Any, tiles: Any) -> None:
    """dw[f, c, u, v] = total[f][column tile][u][lane]: back from patch rows (see sparse.py).

    tiles: (column tiles of a patch row, numbers in one).
    """
    KH, KW, C = shape
    count, width = tiles
    for f in range(F):
        for u in range(KH):
            for s in range(KW * C):
                v, c = s // C, s % C
                k = ((f * count + s // width) * KH + u) * width + s % width
                dw[((f * C + c) * KH + u) * KW + v] = total[k]


@entry
def unpack_dense(total: Any, dw: Any, F: int, shape: Any, tiles: Any) -> None:
    """dw[f, c, u, v] = total[f // block][u // RU][s0 // RS][u % RU][s][f % block] (see dense.py).

    tiles: (RU, RS, block). Tiles at an end overlap the one before; any of the two may be read.
    """
    KH, KW, C = shape
    RU, RS, block = tiles
    KC = KW * C
    nu, ns = (KH + RU - 1) // RU, (KC + RS - 1) // RS
    for f in range(F):
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
