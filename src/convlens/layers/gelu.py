"""GELU: each number, times how probable it is that a normal one is below it."""

from math import erfc, pi, sqrt

import numpy as np

from convlens import spec
from convlens._typing import Array
from convlens.arrays import as_numbers
from convlens.errors import OrderError
from convlens.layers.layer import Layer, checked_gradient

__all__ = ["Gelu", "normal_below"]

FAR = 40.0
"""Beyond it exp(-x²/2) is 0 in float64, and x² would one day be infinite."""


class Gelu(Layer):
    """out = x · Φ(x), where Φ(x) = ½ erfc(-x / √2).

    Attributes:
        x: the latest input.
    """

    computes = spec.Gelu
    remembered = ("x",)

    def __init__(self) -> None:
        self.x: Array | None = None

    def forward(self, x: Array, train: bool = False) -> Array:
        """Any shape → the same shape."""
        del train
        x = as_numbers("`x` of Gelu", x)
        self.x = x if x.dtype.kind == "f" else x.astype(np.float64)
        below = normal_below(self.x)
        return np.where(below == 0, 0, self.x) * below  # -∞ · 0 is 0: so are ever smaller numbers

    def backward(self, dout: Array) -> Array:
        """Return dx = dout · (Φ(x) + x φ(x)), where φ(x) = exp(-x²/2) / √(2π)."""
        if self.x is None:
            raise OrderError("Gelu.backward needs a forward before it: call its forward first.")
        dout, near = checked_gradient(dout, self.x.shape, "Gelu"), np.clip(self.x, -FAR, FAR)
        density = np.exp(-near * near / 2) / self.x.dtype.type(sqrt(2 * pi))
        return dout * (normal_below(self.x) + near * density)


def normal_below(x: Array) -> Array:
    """Return Φ(x) = ½ erfc(-x / √2), how probable it is that a normal number is below x, in x's dtype.

    NumPy has no erf, so Python's is called number by number, at about 0.1 µs each; the engine has its own.
    """
    found: Array = np.asarray(_erfc(x.astype(np.float64) * -sqrt(0.5)), np.float64)
    return (found / 2).astype(x.dtype)


_erfc = np.frompyfunc(erfc, 1, 1)
