"""Sigmoid: squeezes every number between 0 and 1."""

from convlens import spec
from convlens._typing import Array
from convlens.errors import OrderError
from convlens.layers.functions import sigmoid
from convlens.layers.layer import Layer, checked_gradient

__all__ = ["Sigmoid"]


class Sigmoid(Layer):
    """out = 1 / (1 + exp(-x)).

    Attributes:
        out: the latest forward's output.
    """

    computes = spec.Sigmoid
    remembered = ("out",)

    def __init__(self) -> None:
        self.out: Array | None = None

    def forward(self, x: Array, train: bool = False) -> Array:
        """Any shape → the same shape."""
        del train
        self.out = sigmoid(x)
        return self.out

    def backward(self, dout: Array) -> Array:
        """Return dx = dout · out · (1 - out)."""
        if self.out is None:
            raise OrderError("Sigmoid.backward needs a forward before it: call its forward first.")
        dout = checked_gradient(dout, self.out.shape, "Sigmoid")
        return dout * (1 - self.out) * self.out
