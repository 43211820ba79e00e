"""Addition and multiplication as layers: the book's first ones, for one step of a computational graph.

Reference: Saito, "Deep Learning from Scratch", section 5.4.
"""

from numbers import Real
from typing import Any

import numpy as np

from convlens.arrays import as_numbers
from convlens.errors import OrderError, ShapeError

__all__ = ["AddLayer", "MulLayer"]


class MulLayer:
    """out = x · y.

    Attributes:
        x, y: the latest inputs, numbers or arrays.

    >>> apples = MulLayer()
    >>> apples.forward(100, 2)
    200
    >>> apples.backward(1.5)
    (3.0, 150.0)
    """

    def __init__(self) -> None:
        self.x: Any = None
        self.y: Any = None

    def forward(self, x: Any, y: Any) -> Any:  # noqa: ANN401
        """Return x · y."""
        self.x, self.y = _pair("MulLayer", x, y)
        return self.x * self.y

    def backward(self, dout: Any) -> tuple[Any, Any]:  # noqa: ANN401
        """Return dx = dout · y and dy = dout · x: each input is the other one's slope."""
        if self.x is None:
            raise OrderError("MulLayer.backward needs a forward before it: call its forward first.")
        dout, _ = _pair("MulLayer.backward", dout, self.x, "dout")
        return dout * self.y, dout * self.x


class AddLayer:
    """out = x + y."""

    def forward(self, x: Any, y: Any) -> Any:  # noqa: ANN401
        """Return x + y."""
        x, y = _pair("AddLayer", x, y)
        return x + y

    def backward(self, dout: Any) -> tuple[Any, Any]:  # noqa: ANN401
        """Return dx = dy = dout: a sum hands on what it gets."""
        dout = _as_given("`dout` of AddLayer.backward", dout)
        return dout * 1, dout * 1


def _pair(owner: str, x: Any, y: Any, name: str = "x") -> tuple[Any, Any]:  # noqa: ANN401
    """Return two numbers, or arrays, that can be computed with together."""
    x, y = _as_given(f"`{name}` of {owner}", x), _as_given(f"`y` of {owner}", y)
    try:
        np.broadcast_shapes(np.shape(x), np.shape(y))
    except ValueError:
        found = f"{np.shape(x)} and {np.shape(y)}"
        raise ShapeError(f"what {owner} is given must have fitting shapes. Got {found}.") from None
    return x, y


def _as_given(what: str, value: Any) -> Any:  # noqa: ANN401
    """Return a number as it is, such as an int, and anything else as an array of numbers."""
    array = as_numbers(what, value)
    return value if isinstance(value, Real) and not isinstance(value, bool) else array
