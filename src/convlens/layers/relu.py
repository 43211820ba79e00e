"""ReLU: what is positive goes on, the rest becomes zero."""

import numpy as np

from convlens import spec
from convlens._typing import Array
from convlens.arrays import as_numbers
from convlens.errors import OrderError
from convlens.layers.layer import Layer, checked_gradient

__all__ = ["Relu"]


class Relu(Layer):
    """out = max(0, x).

    Attributes:
        mask: where x ≤ 0 in the latest forward (bool, the input's shape); the derivative there is 0.
    """

    computes = spec.Relu
    remembered = ("mask",)

    def __init__(self) -> None:
        self.mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] | None = None

    def forward(self, x: Array, train: bool = False) -> Array:
        """Any shape → the same shape."""
        del train
        x = as_numbers("`x` of Relu", x)
        self.mask = x <= 0
        return np.maximum(x, 0)

    def backward(self, dout: Array) -> Array:
        """Return dx = dout where x > 0, else 0."""
        if self.mask is None:
            raise OrderError("Relu.backward needs a forward before it: call its forward first.")
        dout = checked_gradient(dout, self.mask.shape, "Relu")
        return np.where(self.mask, dout.dtype.type(0), dout)
