"""Layers that treat each number for itself, softmax beside them, and their faults. Must not know reports."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from convlens._typing import Array
from convlens.check.known.known import Known, Suspects

__all__ = ["ELEMENTWISE", "Elementwise", "Relu", "Sigmoid", "Softmax", "Tanh"]


class Elementwise(Known):
    """An activation at one input."""

    def __init__(self, x: Array) -> None:
        self.x = x
        self.y = self.function(x)

    @staticmethod
    def function(x: Array) -> Array:
        """Return the activation."""
        raise NotImplementedError

    def slope(self) -> Array:
        """Return its derivative at each number."""
        raise NotImplementedError

    def right(self) -> Array:
        return self.y

    def derivatives(self, dout: Array) -> Mapping[str, Array]:
        return {"x": dout * self.slope()}

    def suspects(self, target: str, dout: Array) -> Suspects:
        del target
        yield "dout_forgotten", self.slope()
        yield "slope_forgotten", dout
        yield "slope_wrong", dout * self.y
        yield "slope_wrong", dout * self.x
        yield from self._own(dout)

    def _own(self, dout: Array) -> Suspects:
        """Yield what only this activation can go wrong in."""
        del dout
        yield from ()


class Relu(Elementwise):
    """max(0, x)."""

    kind: ClassVar[str] = "relu"

    @staticmethod
    def function(x: Array) -> Array:
        return np.maximum(x, 0)

    def slope(self) -> Array:
        return (self.x > 0).astype(np.float64)

    def outputs(self) -> Suspects:
        yield "mask_inverted", np.minimum(self.x, 0)
        yield "absolute", np.abs(self.x)
        yield "slope_forgotten", self.x

    def _own(self, dout: Array) -> Suspects:
        yield "mask_inverted", dout * (self.x <= 0)
        yield "mask_of_gradient", dout * (dout > 0)
        yield "mask_of_gradient", self.x * (dout > 0)
        yield "mask_of_gradient", dout * (dout > 0) * (self.x > 0)
        yield "sign", np.where(self.x > 0, dout, -dout)


class Sigmoid(Elementwise):
    """1 / (1 + exp(-x))."""

    kind: ClassVar[str] = "sigmoid"

    @staticmethod
    def function(x: Array) -> Array:
        return 1 / (1 + np.exp(-x))

    def slope(self) -> Array:
        return self.y * (1 - self.y)

    def outputs(self) -> Suspects:
        yield "sign", 1 - self.y
        yield "sign", 1 / (1 - np.exp(-self.x))

    def _own(self, dout: Array) -> Suspects:
        yield "input_for_output", dout * self.x * (1 - self.x)
        yield "slope_wrong", dout * (1 - self.y)
        yield from (("slope_wrong", dout * made) for made in ((1 - self.y) * self.x, self.y * (1 - self.x)))
        yield "sign", dout * self.y * (1 + self.y)
        yield "slope_wrong", dout * self.y * (1 - self.y) ** 2
        yield "slope_wrong", dout * self.function(self.y) * (1 - self.function(self.y))


class Tanh(Elementwise):
    """The hyperbolic tangent."""

    kind: ClassVar[str] = "tanh"

    @staticmethod
    def function(x: Array) -> Array:
        return np.tanh(x)

    def slope(self) -> Array:
        return 1 - self.y**2

    def outputs(self) -> Suspects:
        yield "sign", -self.y

    def _own(self, dout: Array) -> Suspects:
        yield "input_for_output", dout * (1 - self.x**2)
        yield "slope_wrong", dout * (1 - self.y)
        yield "sign", dout * (1 + self.y**2)
        yield "slope_wrong", dout * (1 - np.tanh(self.y) ** 2)


class Softmax(Elementwise):
    """exp(x) / Σ exp(x) over the last axis."""

    kind: ClassVar[str] = "softmax"

    @staticmethod
    def function(x: Array) -> Array:
        powers = np.exp(x - x.max(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)

    def slope(self) -> Array:
        return self.y * (1 - self.y)

    def derivatives(self, dout: Array) -> Mapping[str, Array]:
        return {"x": self.y * (dout - (dout * self.y).sum(axis=-1, keepdims=True))}

    def outputs(self) -> Suspects:
        powers = np.exp(self.x)
        yield "sum", powers / powers.sum()
        if self.x.ndim > 1:
            yield "transposed", powers / powers.sum(axis=0, keepdims=True)

    def _own(self, dout: Array) -> Suspects:
        yield "diagonal", dout * self.slope()


ELEMENTWISE: tuple[type[Elementwise], ...] = (Relu, Sigmoid, Tanh, Softmax)
"""In the order in which a layer is compared with them."""
