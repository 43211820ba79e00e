"""Leaky ReLU: what is positive goes on, of the rest a small share."""

import numpy as np

from convlens import spec
from convlens._typing import Array
from convlens.arrays import as_numbers
from convlens.errors import OrderError
from convlens.layers.layer import Layer, checked_gradient

__all__ = ["LeakyRelu"]


class LeakyRelu(Layer):
    """out = x where x > 0, else slope · x.

    Args:
        slope: of the negative side, 0 to 1.

    Attributes:
        mask: where x ≤ 0 in the latest forward (bool, the input's shape); the derivative there is `slope`.

    Raises:
        SpecError: the slope is out of range.
    """

    computes = spec.LeakyRelu
    remembered = ("mask",)

    def __init__(self, slope: float = 0.01) -> None:
        self.slope: float = spec.LeakyRelu(slope).slope
        self.mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] | None = None

    def forward(self, x: Array, train: bool = False) -> Array:
        """Any shape → the same shape."""
        del train
        x = as_numbers("`x` of LeakyRelu", x)
        self.mask = x <= 0
        return np.where(self.mask, self.slope * x, x)

    def backward(self, dout: Array) -> Array:
        """Return dx = dout where x > 0, else slope · dout."""
        if self.mask is None:
            raise OrderError("LeakyRelu.backward needs a forward before it: call its forward first.")
        dout = checked_gradient(dout, self.mask.shape, "LeakyRelu")
        return np.where(self.mask, self.slope * dout, dout)
