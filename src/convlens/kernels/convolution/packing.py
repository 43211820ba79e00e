"""Filters in the order in which kernels read them, packed at each step. Must not know layers.

Of many numbers each thread packs some. Gradients come as *partial* sums, one for each group of samples, and
are added on the way back, in the order of the groups.
"""

from typing import Any

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.shares import many

__all__ = ["add_biases", "add_partials", "pack_blocks", "pack_rows", "unpack_dense", "unpack_rows"]

STRIDED = 2
"""How many numbers in a row could be copied while one is that lies elsewhere."""


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
    in_shares(pack_blocks_share, many(STRIDED * w.size), (w, out, outer, shape, strides, block))


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
    in_shares(pack_rows_share, many(STRIDED * w.size), (w, out, F, shape, width))


@inner
def add_partials(partial, first, end):
    """partial[0, k] += partial[1, k] + partial[2, k] + … in this order, for first <= k < end."""
    total = partial[0]
    for t in range(1, partial.shape[0]):
        p = partial[t]
        for k in range(first, end):
            total[k] += p[k]


@inner
def add_biases(partial, db):
    """db = partial[0] + partial[1] + … in this order; few numbers, so on this thread."""
    add_partials(partial, 0, db.size)
    for f in range(db.size):
        db[f] = partial[0, f]


@inner
def unpack_rows_share(t, shares, partial, dw, F, shape, tiles):
    """Do share t of `unpack_rows`: some filters."""
    (KH, KW, C), (count, width) = shape, tiles
    first, end, total = t * F // shares, (t + 1) * F // shares, partial[0]
    add_partials(partial, first * count * KH * width, end * count * KH * width)
    for f in range(first, end):
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
def unpack_rows(partial: Any, biases: Any, dw: Any, db: Any, F: int, shape: Any, tiles: Any) -> None:
    """dw[f, c, u, v] = sum of partial[f][column tile][u][lane]: back from patch rows (see filters_sparse.py).

    db = sum of biases. tiles: (column tiles of a patch row, numbers in one).
    """
    add_biases(biases, db)
    shares = min(F, many(partial.shape[0] * dw.size))
    in_shares(unpack_rows_share, shares, (partial, dw, F, shape, tiles))


@inner
def unpack_dense_share(t, shares, partial, dw, F, shape, tiles):
    """Do share t of `unpack_dense`: some rows of tiles."""
    (KH, KW, C), (RU, RS, block) = shape, tiles
    KC, blocks, nu, total = KW * C, max((F + block - 1) // block, 1), (KH + RU - 1) // RU, partial[0]
    ns, filters = (KC + RS - 1) // RS, min(F, block)
    numbers = ns * RU * RS * block  # of a row of tiles
    first, end = t * blocks * nu // shares, (t + 1) * blocks * nu // shares
    add_partials(partial, first * numbers, end * numbers)
    for r in range(first, end):
        q, tu = r // nu, r % nu
        f, top = max(min(q * block, F - block), 0), min(tu * RU, KH - RU)
        for u in range(tu * RU, min(tu * RU + RU, KH)):
            for s in range(KC):
                ts = s // RS
                k = r * numbers + ((ts * RU + u - top) * RS + s - min(ts * RS, KC - RS)) * block
                for lane in range(q * block - f, filters):
                    dw[(((f + lane) * C + s % C) * KH + u) * KW + s // C] = total[k + lane]


@entry
def unpack_dense(partial: Any, biases: Any, dw: Any, db: Any, F: int, shape: Any, tiles: Any) -> None:
    """dw[f, c, u, v] = sum of partial[f // block][u // RU][s0 // RS][u % RU][s][f % block].

    See filters_dense.py. db = sum of biases. tiles: (RU, RS, block). Tiles at an end overlap the one before;
    what is in both is read from the first.
    """
    add_biases(biases, db)
    (KH, _, _), (RU, _, block) = shape, tiles
    rows = ((F + block - 1) // block) * ((KH + RU - 1) // RU)
    shares = min(rows, many(partial.shape[0] * dw.size))
    in_shares(unpack_dense_share, shares, (partial, dw, F, shape, tiles))
