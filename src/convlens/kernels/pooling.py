"""Max-pooling with any window, stride and padding, with or without ReLU. Must not know layers."""

from typing import Any

import numpy as np

from convlens.kernels.compiler import parallel, prange

__all__ = ["pooling", "pooling_backward"]


@parallel
def pooling(x: Any, out: Any, arg: Any, floor: Any, n: int, source: Any, target: Any, window: Any, shape: Any,
            parts: int) -> None:  # fmt: skip
    """out[m, i, j, c] = max(floor, max_{u,v} x[m, i*sy + u - py, j*sx + v - px, c]).

    arg[m, i, j, c] is the position in the sample of the first maximum, row by row; -1 where ReLU is off. A NaN
    wins over all that follow. Positions outside the picture do not take part.

    source, target: (size, origin, row); window: (kh, kw, sy, sx, py, px); shape: (C, H, W, P, Q).
    """
    size, origin, row = source
    out_size, out_origin, out_row = target
    kh, kw, sy, sx, py, px = window
    C, H, W, P, Q = shape
    for part in prange(parts):
        for m in range(part * n // parts, (part + 1) * n // parts):
            for i in range(P):
                top, bottom = max(i * sy - py, 0), min(i * sy - py + kh, H)
                for j in range(Q):
                    left, right = max(j * sx - px, 0), min(j * sx - px + kw, W)
                    for c in range(C):
                        best, at = np.float32(-np.inf), -1
                        for y in range(top, bottom):
                            for z in range(left, right):
                                p = origin + y * row + z * C + c
                                v = x[m * size + p]
                                if at < 0 or v > best or (v != v and best == best):  # noqa: PLR0124
                                    best, at = v, p
                        o = m * out_size + out_origin + i * out_row + j * C + c
                        off = best <= floor
                        out[o] = floor if off else best
                        arg[o] = -1 if off else at


@parallel
def pooling_backward(
    d: Any, arg: Any, dx: Any, n: int, source: Any, target: Any, shape: Any, parts: int
) -> None:
    """dx = 0, then dx[m, arg[m, i, j, c]] += d[m, i, j, c]; arguments as above."""
    size = source[0]
    out_size, out_origin, out_row = target
    C, _, _, P, Q = shape
    for part in prange(parts):
        for m in range(part * n // parts, (part + 1) * n // parts):
            dx[m * size : (m + 1) * size] = 0
            for i in range(P):
                start = m * out_size + out_origin + i * out_row
                for o in range(start, start + Q * C):
                    if arg[o] >= 0:
                        dx[m * size + arg[o]] += d[o]
