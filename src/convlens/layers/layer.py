"""The protocol that every layer follows. Must not know any one of them.

A layer computes `out = forward(x)` and, given the loss's derivative by `out`, `dx = backward(dout)`;
backward belongs to the latest forward. What it learns is in `params`; backward leaves its derivatives
in `grads` under the same names. Inputs are never modified, and the dtype that goes in comes out.
"""

from typing import Any, ClassVar

import numpy as np

from convlens._typing import Array
from convlens.errors import ShapeError

__all__ = ["Layer"]


class Layer:
    """Base of all layers: a layer with nothing to learn and nothing to remember."""

    kept: ClassVar[tuple[str, ...]] = ()
    """Names of the attributes in which forward keeps what backward needs."""

    def forget(self) -> None:
        """Drop what the latest forward kept: a backward without a new forward is then an error."""
        for name in self.kept:
            setattr(self, name, None)

    @property
    def params(self) -> dict[str, Array]:
        """What the layer learns, by name: live arrays, not copies."""
        return {}

    @property
    def grads(self) -> dict[str, Array]:
        """The loss's derivatives by `params`, from the latest backward."""
        return {}

    @property
    def state(self) -> dict[str, Array]:
        """What must be saved with the layer but is not trained, by name."""
        return {}

    def forward(self, x: Array, train: bool = False) -> Array:
        """Return the layer's output for a batch.

        Args:
            x: inputs, batch first.
            train: True while training, for layers that then behave differently.
        """
        raise NotImplementedError

    def backward(self, dout: Array) -> Array:
        """Return the loss's derivative by the input, and leave those by `params` in `grads`.

        Args:
            dout: the loss's derivative by the output of the latest forward.
        """
        raise NotImplementedError

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name} {tuple(value.shape)}" for name, value in self.params.items())
        return f"{type(self).__name__}({shapes})"


def arrived(dout: Array, shape: tuple[int, ...], owner: str) -> Array:
    """Return the derivative by an output as an array; it must have the output's shape."""
    dout = np.asarray(dout)
    if dout.shape != shape:
        rule = f"{shape}, the shape of its latest output"
        raise ShapeError(f"`dout` of {owner}.backward must be {rule}. Got {dout.shape}.")
    return dout


def trained(**named: Any) -> dict[str, Array]:  # noqa: ANN401
    """Keep those that are arrays: `b=0` (no bias) is a number and is not trained."""
    return {name: value for name, value in named.items() if hasattr(value, "shape")}
