"""Average pooling with any window, stride and padding, with or without ReLU. Must not know layers."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.simd.vectors import load, select_live, size, splat, store, vadd, vmax, vmul

__all__ = ["average_pooling", "average_pooling_backward"]


@inner
def average_share(t, shares, x, out, floor, n, reads, writes, window, shape, lanes):
    """Do share t of `average_pooling`."""
    x_size, origin, row = reads
    out_size, out_origin, out_row = writes
    kh, kw, sy, sx, py, px = window
    C, H, W, P, Q = shape
    part, low = splat(np.float32(1) / np.float32(kh * kw), lanes), splat(floor, lanes)
    zero = splat(np.float32(0), lanes)
    for m in range(t * n // shares, (t + 1) * n // shares):
        for i in range(P):
            top, bottom = max(i * sy - py, 0), min(i * sy - py + kh, H)
            line = m * out_size + out_origin + i * out_row
            for j in range(Q):
                left, right = max(j * sx - px, 0), min(j * sx - px + kw, W)
                for f in range(0, C, len(lanes)):
                    c = max(min(f, C - len(lanes)), 0)  # the last vector overlaps the one before it
                    total = zero
                    for y in range(top, bottom):
                        p = m * x_size + origin + y * row + c
                        for z in range(left, right):
                            total = vadd(total, load(x, p + z * C, lanes))
                    store(out, line + j * C + c, vmax(vmul(total, part), low))
            if len(lanes) > C:  # spare lanes spill onto the next position, and at last into the border
                store(out, line + Q * C, zero)


@cache
def average_pooling(L: int) -> Callable[..., None]:
    """Return the kernel for vectors of L channels."""
    LANES = size(L)

    @entry
    def forward(x, out, floor, n, reads, writes, window, shape, shares):
        """out[m, i, j, c] = max(floor, 1/(kh*kw) sum_{u,v} x[m, i*sy + u - py, j*sx + v - px, c]).

        Positions outside the picture count as zeros.

        reads, writes: `FrameSizes` of x and out; window: `PoolingWindow`; shape: `PoolingSizes`.
        """
        in_shares(average_share, min(n, shares), (x, out, floor, n, reads, writes, window, shape, LANES))

    return forward


@inner
def over(at: Any, wide: Any, step: Any, count: Any, first: Any, behind: Any) -> Any:
    """Return which of `count` windows lie over a place: the first, and that behind the last.

    first, behind: those of the place before it.
    """
    while first * step + wide <= at:
        first += 1
    while behind < count and behind * step <= at:
        behind += 1
    return first, behind


@inner
def average_backward_share(t, shares, d, out, relu, dx, n, reads, writes, window, shape, lanes):
    """Do share t of `average_pooling_backward`."""
    x_size, origin, row = reads
    out_size, out_origin, out_row = writes
    kh, kw, sy, sx, py, px = window
    C, H, W, P, Q = shape
    part, zero = splat(np.float32(1) / np.float32(kh * kw), lanes), splat(np.float32(0), lanes)
    for m in range(t * n // shares, (t + 1) * n // shares):
        start, top, bottom = m * out_size + out_origin, 0, 0
        for y in range(H):
            # The windows over row y, from the first to behind the last; so for columns. Counted, not divided.
            top, bottom = over(y + py, kh, sy, P, top, bottom)
            line, left, right = m * x_size + origin + y * row, 0, 0
            for z in range(W):
                left, right = over(z + px, kw, sx, Q, left, right)
                for f in range(0, C, len(lanes)):
                    c = max(min(f, C - len(lanes)), 0)
                    total = zero
                    for i in range(top, bottom):
                        for j in range(left, right):
                            o = start + i * out_row + j * C + c
                            v = load(d, o, lanes)
                            if relu:
                                v = select_live(v, out, o)
                            total = vadd(total, v)
                    store(dx, line + z * C + c, vmul(total, part))


@cache
def average_pooling_backward(L: int) -> Callable[..., None]:
    """Return the kernel for vectors of L channels."""
    LANES = size(L)

    @entry
    def backward(d, out, relu, dx, n, reads, writes, window, shape, shares):
        """dx[m, y, z, c] = 1/(kh*kw) sum of d[m, i, j, c] over the windows (i, j) that see (y, z).

        With ReLU d counts where `out` is not 0. Each element of dx is written once; other arguments as above.
        """
        given = (d, out, relu, dx, n, reads, writes, window, shape, LANES)
        in_shares(average_backward_share, min(n, shares), given)

    return backward
