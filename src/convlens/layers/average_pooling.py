"""Average pooling: of each window the mean goes on."""

import numpy as np

from convlens import spec
from convlens._typing import Array, Pair
from convlens.arrays import as_numbers
from convlens.errors import OrderError
from convlens.layers.layer import Layer, checked_gradient
from convlens.layers.patches import padded_zeros, patches, pixels_under, unpadded
from convlens.spec.padding import Pad, borders

__all__ = ["AveragePooling"]


class AveragePooling(Layer):
    """out[n, c, i, j] = 1/(kh·kw) Σ_{u,v} x[n, c, i·stride + u - pad, j·stride + v - pad].

    The border counts: its zeros take part, and every sum is divided by the whole window, as in PyTorch with
    `count_include_pad=True`. Rows and columns that fill no whole window are left out.

    Args:
        window: height and width of the window, an int ≥ 1 or (vertical, horizontal).
        stride: its step; None for the window itself.
        pad: zeros on each side, at most half the window; "same" for ⌈size / stride⌉ windows.
    """

    computes = spec.AveragePooling
    remembered = ("x_shape", "out_shape")

    def __init__(self, window: Pair, stride: Pair | None = None, pad: Pad = 0) -> None:
        checked = spec.AveragePooling(window, stride, pad)
        self.window: tuple[int, int] = checked.extent
        self.stride: tuple[int, int] = checked.step
        self.pad: Pad = checked.pad
        self.x_shape: tuple[int, ...] | None = None
        self.out_shape: tuple[int, ...] | None = None

    def forward(self, x: Array, train: bool = False) -> Array:
        """(N, C, H, W) → (N, C, oh, ow), oh = floor((H + 2·pad - kh) / stride) + 1."""
        del train
        x = as_numbers("`x` of AveragePooling", x)
        windows = patches(x, self.window, self.stride, self.pad)
        self.x_shape, self.out_shape = x.shape, windows.shape[:4]
        total = np.zeros(self.out_shape, np.result_type(x, np.float32))  # bytes would overflow
        for u, v in np.ndindex(self.window):
            total += windows[..., u, v]
        return total / (self.window[0] * self.window[1])

    def backward(self, dout: Array) -> Array:
        """Hand each window's derivative to all its elements, to each the same part."""
        if self.x_shape is None or self.out_shape is None:
            raise OrderError("AveragePooling.backward needs a forward before it: call its forward first.")
        dout = checked_gradient(dout, self.out_shape, "AveragePooling")
        part = dout / (self.window[0] * self.window[1])
        around = borders(self.pad, self.x_shape, self.window, self.stride)
        dx = padded_zeros(self.x_shape, around, dout.dtype)
        for u, v in np.ndindex(self.window):
            dx[pixels_under(u, v, dout.shape[2:], self.stride)] += part
        return unpadded(dx, around)
