"""dx of a pooled convolution, window by window, for filters that fit into the cache. Must not know layers.

The 2x2 patches that a pooling window chose from lie on one union patch. It is kept in registers while all
live filters of the window add to it, so the input's derivatives are read and written once a window, not once
a filter.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.runtime.slots import give, take
from convlens.kernels.simd.vectors import fma_rows, loads, size, stores

__all__ = ["convolution_windows", "pack_windows"]


@entry
def pack_windows(w: Any, out: Any, F: int, shape: Any, strides: Any, width: int) -> None:
    """out[f][k] = the filter, right of k * sx*C zeros, between sy rows of zeros above and below.

    So a filter is added to the union patch at any of four places by where its reading starts.

    Args:
        w: flat weights (F, C, KH, KW).
        out: flat, zeros where this function does not write, rows of `width` numbers.
        F: filters.
        shape: `Taps`.
        strides: (sy, sx).
        width: of a row of the union patch, in whole vectors.
    """
    KH, KW, C = shape
    sy, sx = strides
    for f in range(F):
        for k in range(2):
            for u in range(KH):
                o = ((f * 2 + k) * (KH + 2 * sy) + sy + u) * width + k * sx * C
                for c in range(C):
                    p = ((f * C + c) * KH + u) * KW
                    for v in range(KW):
                        out[o + v * C + c] = w[p + v]


@inner
def window_entries(d, winner, p, F, filter_size, below, where, g):
    """List the live filters of one window: where each one's reading starts, and its gradient; no branches.

    filter_size: numbers of one shifted copy of a filter; below: numbers in sy rows.
    """
    m, one = np.uint64(0), np.uint64(1)
    for f in range(F):
        e = np.uint64(p + f)
        k, v = np.uint64(winner[e]), d[e]
        right, lower = np.int64(k & one), np.int64(k >> one & one)
        where[m] = (2 * f + right) * filter_size + (1 - lower) * below
        g[m] = v
        m += np.uint64(v != 0)
    return np.int64(m)


@inner
def window_sums(
    dx: Any, xo: int, row: int, w: Any, o: int, width: int, where: Any, g: Any, m: int, sizes: Any
):
    """dx[xo + r*row + s] += sum_m g[m] * w[where[m] + o + r*width + s] for one tile, in registers.

    sizes: (rows, vectors in a row, lanes), as tuples.
    """
    rows, cols, lanes = sizes
    acc = loads(dx, xo, row, rows, cols, lanes)
    for i in range(m):
        e = np.uint64(i)
        acc = fma_rows(acc, g[e], w, where[e] + o, width, cols)
    stores(dx, xo, row, cols, acc)


@inner
def windows_share(t, shares, d, winner, w, dx, slots, where, g, n, reads, output, shape, sizes):
    """Do share t of `convolution_windows`; sizes as in `window_sums`."""
    x_size, patch, row, step_y, step_x = reads
    d_size, origin, d_row = output
    KH, sy, F, P, Q = shape
    U, width = len(sizes[0]), len(sizes[1]) * len(sizes[2])
    filter_size, slot = (KH + 2 * sy) * width, take(slots)
    where, g = where[slot], g[slot]
    for m in range(t * n // shares, (t + 1) * n // shares):
        dx[m * x_size : (m + 1) * x_size] = 0  # union patches of neighbours overlap
        for i in range(P):
            for j in range(Q):
                p = m * d_size + origin + i * d_row + j * F
                live = window_entries(d, winner, p, F, filter_size, sy * width, where, g)
                xo = m * x_size + patch + 2 * (i * step_y + j * step_x)
                for u in range(0, KH + sy, U):
                    window_sums(dx, xo + u * row, row, w, u * width, width, where, g, live, sizes)
    give(slots, slot)


@cache
def convolution_windows(U: int, V: int, L: int) -> Callable[..., None]:
    """Return the kernel for tiles of U rows of the union patch, a divisor of KH + sy, x V vectors of L."""
    SIZES = (size(U), size(V), size(L))

    @entry
    def backward(d, winner, w, dx, slots, where, g, n, reads, output, shape, shares):
        """dx = 0, then for each window: union patch += sum over live filters of g * w; d is masked already.

        reads: `Reads` of dx; output: `FrameSizes` of d; shape: `WindowSizes`.
        """
        given = (d, winner, w, dx, slots, where, g, n, reads, output, shape, SIZES)
        in_shares(windows_share, min(n, shares), given)

    return backward
