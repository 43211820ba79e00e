"""Max-pooling with any window, stride and padding, with or without ReLU. Must not know layers."""

import numpy as np

from convlens.kernels.compiler import entry, inner
from convlens.kernels.parts import in_parts

__all__ = ["pooling", "pooling_backward"]


@inner
def pool_member(x, at, best, arg):
    """best[c] = max(best[c], x[c]), and arg[c] = at + c where x[c] was taken, over all channels.

    Written without branches, so that LLVM makes vectors of it. The first of equals stays; the first NaN
    stays.
    """
    for c in range(best.size):
        v, b, k = x[c], best[c], arg[c]
        takes = (v > b) | (k < 0) | ((v != v) & (b == b))  # noqa: PLR0124  # a NaN does not equal itself
        best[c] = v if takes else b
        arg[c] = np.int32(at + c) if takes else k


@inner
def switch_off(best, arg, floor):
    """best[c] = floor and arg[c] = -1 where best[c] is not above the floor."""
    for c in range(best.size):
        off = best[c] <= floor
        best[c] = floor if off else best[c]
        arg[c] = np.int32(-1) if off else arg[c]


@inner
def pooling_part(t, parts, x, out, arg, floor, n, source, target, window, shape):
    """Do part t of `pooling`."""
    size, origin, row = source
    out_size, out_origin, out_row = target
    kh, kw, sy, sx, py, px = window
    C, H, W, P, Q = shape
    for m in range(t * n // parts, (t + 1) * n // parts):
        for i in range(P):
            top, bottom = max(i * sy - py, 0), min(i * sy - py + kh, H)
            for j in range(Q):
                left, right = max(j * sx - px, 0), min(j * sx - px + kw, W)
                o = m * out_size + out_origin + i * out_row + j * C
                best, chosen = out[o : o + C], arg[o : o + C]
                best[:] = np.float32(-np.inf)
                chosen[:] = -1
                for y in range(top, bottom):
                    for z in range(left, right):
                        p = origin + y * row + z * C
                        pool_member(x[m * size + p : m * size + p + C], p, best, chosen)
                switch_off(best, chosen, floor)


@entry
def pooling(x, out, arg, floor, n, source, target, window, shape, parts):
    """out[m, i, j, c] = max(floor, max_{u,v} x[m, i*sy + u - py, j*sx + v - px, c]).

    arg[m, i, j, c] is the position in the sample of the first maximum, row by row; -1 where ReLU is off.
    Positions outside the picture do not take part.

    source, target: (size, origin, row); window: (kh, kw, sy, sx, py, px); shape: (C, H, W, P, Q).
    """
    in_parts(pooling_part, parts, (x, out, arg, floor, n, source, target, window, shape))


@inner
def pooling_backward_part(t, parts, d, arg, dx, n, source, target, shape):
    """Do part t of `pooling_backward`."""
    size = source[0]
    out_size, out_origin, out_row = target
    C, _, _, P, Q = shape
    for m in range(t * n // parts, (t + 1) * n // parts):
        dx[m * size : (m + 1) * size] = 0
        for i in range(P):
            start = m * out_size + out_origin + i * out_row
            for o in range(start, start + Q * C):
                if arg[o] >= 0:
                    dx[m * size + arg[o]] += d[o]


@entry
def pooling_backward(d, arg, dx, n, source, target, shape, parts):
    """dx = 0, then dx[m, arg[m, i, j, c]] += d[m, i, j, c]; arguments as above."""
    in_parts(pooling_backward_part, parts, (d, arg, dx, n, source, target, shape))
