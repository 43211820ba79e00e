"""A network's parameters by name, which stay those of its layers. Must not know layers."""

from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.errors import ShapeError

__all__ = ["LiveArrays"]


class LiveArrays(dict[str, Array]):
    """A dict of the arrays that layers hold: to assign to a name copies the values into its array.

    In a plain dict `params["W1"] = new` would leave the layer with the old one, and training without effect.
    It is copied and pickled as any dict.
    """

    def __setitem__(self, name: str, value: Any) -> None:  # noqa: ANN401
        if name not in self:
            super().__setitem__(name, value)
            return
        if np.shape(value) != self[name].shape:
            raise ShapeError(f"`{name}` must be {self[name].shape}. Got {np.shape(value)}.")
        self[name][...] = value

    def update(self, other: Any = (), /, **named: Any) -> None:  # noqa: ANN401
        """Assign each of these."""
        for name, value in dict(other, **named).items():
            self[name] = value
