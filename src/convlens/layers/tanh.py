"""Tanh: squeezes every number between -1 and 1, and keeps its sign."""

import numpy as np

from convlens import spec
from convlens._typing import Array
from convlens.arrays import as_numbers
from convlens.errors import OrderError
from convlens.layers.layer import Layer, checked_gradient

__all__ = ["Tanh"]


class Tanh(Layer):
    """out = tanh(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x)).

    Attributes:
        out: the latest forward's output.
    """

    computes = spec.Tanh
    remembered = ("out",)

    def __init__(self) -> None:
        self.out: Array | None = None

    def forward(self, x: Array, train: bool = False) -> Array:
        """Any shape → the same shape."""
        del train
        self.out = np.tanh(as_numbers("`x` of Tanh", x))
        return self.out

    def backward(self, dout: Array) -> Array:
        """Return dx = dout · (1 - out²)."""
        if self.out is None:
            raise OrderError("Tanh.backward needs a forward before it: call its forward first.")
        dout = checked_gradient(dout, self.out.shape, "Tanh")
        return dout * (1 - self.out * self.out)
