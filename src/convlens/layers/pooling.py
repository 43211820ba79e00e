"""Max-pooling: of each window only the largest value goes on."""

from typing import Any

import numpy as np

from convlens import spec
from convlens._typing import Array, IntArray, Pair
from convlens.arrays import as_array
from convlens.errors import OrderError, UsageError
from convlens.layers.layer import Layer, checked_gradient
from convlens.layers.patches import one_number, padded_zeros, patches, pixels_under, unpadded
from convlens.spec.padding import SAME, Pad, borders, padding
from convlens.spec.shapes import pair

__all__ = ["Pooling"]


class Pooling(Layer):
    """out[n, c, i, j] = max_{u,v} x[n, c, i·stride + u - pad, j·stride + v - pad].

    The border counts as -∞. Rows and columns that fill no whole window are left out.

    Args:
        pool_h: height of the window.
        pool_w: width of the window.
        stride: its step, an int ≥ 1 or (vertical, horizontal).
        pad: border on each side, at most half the window; "same" for ⌈size / stride⌉ windows.

    Attributes:
        x, out: the latest input and its output.
    """

    computes = spec.Pooling
    remembered = ("x", "out")

    def __init__(self, pool_h: int, pool_w: int, stride: Pair = 2, pad: Pad = 0) -> None:
        window = pair((pool_h, pool_w), "Pooling", "window", 1)
        pair(stride, "Pooling", "stride", 1)
        given = padding(pad, "Pooling")
        if given != SAME and any(2 * p > w for p, w in zip(given, window, strict=True)):
            raise UsageError(f"`pad` of Pooling must be at most half its window {window}. Got {pad!r}.")
        self.pool_h = pool_h
        self.pool_w = pool_w
        self.stride = stride
        self.pad = pad
        self.x: Array | None = None
        self.out: Array | None = None

    @classmethod
    def from_spec(cls, layer: spec.Pooling, **parameters: Any) -> "Pooling":  # noqa: ANN401
        """Return the layer with the spec's window; there are no parameters."""
        return cls(*layer.extent, one_number(layer.step), one_number(layer.pad), **parameters)

    def to_spec(self, name: str | None = None) -> spec.Pooling:
        return spec.Pooling((self.pool_h, self.pool_w), self.stride, self.pad, name=name)

    @property
    def arg_max(self) -> IntArray | None:
        """Which element of each window was the maximum, counted row by row, as the book keeps it.

        The windows run over (N, oh, ow, C), as the rows of the book's `im2col` do.
        """
        if self.x is None:
            return None
        rows = self._windows(self.x).transpose(0, 2, 3, 1, 4, 5)
        return rows.reshape(-1, self.pool_h * self.pool_w).argmax(axis=1)

    def forward(self, x: Array, train: bool = False) -> Array:
        """(N, C, H, W) → (N, C, oh, ow), oh = floor((H + 2·pad - pool_h) / stride) + 1."""
        del train
        x = as_array("`x` of Pooling", x)
        windows = self._windows(x)
        out = windows[..., 0, 0].copy()
        for u, v in np.ndindex(self.pool_h, self.pool_w):
            np.maximum(out, windows[..., u, v], out=out)
        self.x, self.out = x, out
        return out

    def backward(self, dout: Array) -> Array:
        """Hand each window's derivative to the element that was its maximum, the first one of equals."""
        if self.x is None or self.out is None:
            raise OrderError("Pooling.backward needs a forward before it: call its forward first.")
        dout = checked_gradient(dout, self.out.shape, "Pooling")
        windows = self._windows(self.x)
        given = np.zeros(self.out.shape, bool)
        step = pair(self.stride, "Pooling", "stride", 1)
        around = borders(self.pad, self.x.shape, (self.pool_h, self.pool_w), step)
        dx = padded_zeros(self.x.shape, around, dout.dtype)
        for u, v in np.ndindex(self.pool_h, self.pool_w):
            first = (windows[..., u, v] == self.out) & ~given
            given |= first
            dx[pixels_under(u, v, self.out.shape[2:], self.stride)] += dout * first
        return unpadded(dx, around)

    def _windows(self, x: Array) -> Array:
        lowest = np.iinfo(x.dtype).min if x.dtype.kind in "iu" else -np.inf
        return patches(x, (self.pool_h, self.pool_w), self.stride, self.pad, fill=lowest)
