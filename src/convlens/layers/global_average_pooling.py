"""Global average pooling: of each map the mean goes on."""

import numpy as np

from convlens import spec
from convlens._typing import Array
from convlens.arrays import as_numbers
from convlens.errors import OrderError, ShapeError
from convlens.layers.layer import Layer, checked_gradient

__all__ = ["GlobalAveragePooling"]


class GlobalAveragePooling(Layer):
    """out[n, c] = 1/(H·W) Σ_{i,j} x[n, c, i, j]."""

    computes = spec.GlobalAveragePooling
    remembered = ("x_shape",)

    def __init__(self) -> None:
        self.x_shape: tuple[int, ...] | None = None

    def forward(self, x: Array, train: bool = False) -> Array:
        """(N, C, H, W) → (N, C)."""
        del train
        x = as_numbers("`x` of GlobalAveragePooling", x)
        if x.ndim != 4:
            raise ShapeError(f"`x` of GlobalAveragePooling must be pictures (N, C, H, W). Got {x.shape}.")
        self.x_shape = x.shape
        return x.mean(axis=(2, 3))

    def backward(self, dout: Array) -> Array:
        """Hand each map's derivative to all its elements, to each the same part."""
        if self.x_shape is None:
            raise OrderError(
                "GlobalAveragePooling.backward needs a forward before it: call its forward first."
            )
        dout = checked_gradient(dout, self.x_shape[:2], "GlobalAveragePooling")
        part = dout / (self.x_shape[2] * self.x_shape[3])
        return np.broadcast_to(part[:, :, None, None], self.x_shape).copy()
