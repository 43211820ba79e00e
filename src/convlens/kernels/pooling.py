"""Max-pooling with any window, stride and padding, with or without ReLU. Must not know layers."""

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares

__all__ = ["pooling", "pooling_backward"]


@inner
def pool_member(x, at, best, winner):
    """best[c] = max(best[c], x[c]), and winner[c] = at + c where x[c] was taken, over all channels.

    Written without branches, so that LLVM makes vectors of it. The first of equals stays; the first NaN
    stays.
    """
    for c in range(best.size):
        v, b, k = x[c], best[c], winner[c]
        # k < 0: nothing is taken yet, and a picture of -inf has a maximum too.
        takes = (v > b) | (k < 0) | ((v != v) & (b == b))  # noqa: PLR0124  # a NaN does not equal itself
        best[c] = v if takes else b
        winner[c] = np.int32(at + c) if takes else k


@inner
def switch_off(best, winner, floor):
    """best[c] = floor and winner[c] = -1 where best[c] is not above the floor."""
    for c in range(best.size):
        off = best[c] <= floor
        best[c] = floor if off else best[c]
        winner[c] = np.int32(-1) if off else winner[c]


@inner
def pooling_share(t, shares, x, out, winner, floor, n, reads, writes, window, shape):
    """Do share t of `pooling`."""
    size, origin, row = reads
    out_size, out_origin, out_row = writes
    kh, kw, sy, sx, py, px = window
    C, H, W, P, Q = shape
    for m in range(t * n // shares, (t + 1) * n // shares):
        for i in range(P):
            top, bottom = max(i * sy - py, 0), min(i * sy - py + kh, H)
            for j in range(Q):
                left, right = max(j * sx - px, 0), min(j * sx - px + kw, W)
                o = m * out_size + out_origin + i * out_row + j * C
                best, winners = out[o : o + C], winner[o : o + C]
                best[:] = np.float32(-np.inf)
                winners[:] = -1
                for y in range(top, bottom):
                    for z in range(left, right):
                        p = origin + y * row + z * C
                        pool_member(x[m * size + p : m * size + p + C], p, best, winners)
                switch_off(best, winners, floor)


@entry
def pooling(x, out, winner, floor, n, reads, writes, window, shape, shares):
    """out[m, i, j, c] = max(floor, max_{u,v} x[m, i*sy + u - py, j*sx + v - px, c]).

    winner[m, i, j, c] is the position in the sample of the first maximum, row by row; -1 where ReLU is off.
    Positions outside the picture do not take part.

    reads, writes: `FrameSizes` of x and out; window: `PoolingWindow`; shape: `PoolingSizes`.
    """
    in_shares(pooling_share, min(n, shares), (x, out, winner, floor, n, reads, writes, window, shape))


@inner
def pooling_backward_share(t, shares, d, winner, dx, n, reads, writes, shape):
    """Do share t of `pooling_backward`."""
    size = reads[0]
    out_size, out_origin, out_row = writes
    C, _, _, P, Q = shape
    for m in range(t * n // shares, (t + 1) * n // shares):
        dx[m * size : (m + 1) * size] = 0  # windows may overlap, so derivatives are added
        for i in range(P):
            start = m * out_size + out_origin + i * out_row
            for o in range(start, start + Q * C):
                if winner[o] >= 0:
                    dx[m * size + winner[o]] += d[o]


@entry
def pooling_backward(d, winner, dx, n, reads, writes, shape, shares):
    """dx = 0, then dx[m, winner[m, i, j, c]] += d[m, i, j, c]; arguments as above."""
    in_shares(pooling_backward_share, min(n, shares), (d, winner, dx, n, reads, writes, shape))
