"""Frames added number by number, and their derivatives handed back. Must not know layers.

A matrix is a frame of one row. Borders are left alone: kernels behind count on their zeros.
"""

from typing import Any

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.shares import many

__all__ = ["add_frames", "hand_back"]


@inner
def add_row(x: Any, y: Any, out: Any, relu: Any) -> None:
    """out[i] = x[i] + y[i], but 0 where that is below 0 if `relu`; a NaN stays."""
    for i in range(out.size):
        s = x[i] + y[i]
        off = (s <= 0) & relu
        out[i] = 0 if off else s


@inner
def add_frames_share(t, shares, x, y, out, relu, n, frames, shape):
    """Do share t of `add_frames`."""
    (x_size, x_origin, x_row), (y_size, y_origin, y_row), (out_size, out_origin, out_row) = frames
    rows, count = shape
    for m in range(t * n // shares, (t + 1) * n // shares):
        for i in range(rows):
            p = m * x_size + x_origin + i * x_row
            q = m * y_size + y_origin + i * y_row
            o = m * out_size + out_origin + i * out_row
            add_row(x[p : p + count], y[q : q + count], out[o : o + count], relu)


@entry
def add_frames(x: Any, y: Any, out: Any, relu: bool, n: int, frames: Any, shape: Any) -> None:
    """out = x + y for n samples, with the `relu` of it or without; out may be x.

    frames: `FrameSizes` of x, y and out; shape: rows, and numbers in one.
    """
    in_shares(add_frames_share, min(n, many(n * shape[0] * shape[1])), (x, y, out, relu, n, frames, shape))


@inner
def hand_back_row(d: Any, value: Any, dx: Any, masks: Any) -> None:
    """dx[i] = d[i], but 0 where the value is 0 if it `masks`."""
    for i in range(dx.size):
        g = d[i]
        off = (value[i] == 0) & masks
        dx[i] = 0 if off else g


@inner
def hand_back_share(t, shares, d, value, dx, masks, n, frames, shape):
    """Do share t of `hand_back`."""
    (size, origin, row), (dx_size, dx_origin, dx_row) = frames
    rows, count = shape
    for m in range(t * n // shares, (t + 1) * n // shares):
        for i in range(rows):
            p = m * size + origin + i * row
            o = m * dx_size + dx_origin + i * dx_row
            hand_back_row(d[p : p + count], value[p : p + count], dx[o : o + count], masks)


@entry
def hand_back(d: Any, value: Any, dx: Any, masks: bool, n: int, frames: Any, shape: Any) -> None:
    """dx = d for n samples, 0 where ReLU was off if it `masks`; dx may be d.

    frames: `FrameSizes` of d and its values, and of dx; shape: rows, and numbers in one.
    """
    in_shares(hand_back_share, min(n, many(n * shape[0] * shape[1])), (d, value, dx, masks, n, frames, shape))
