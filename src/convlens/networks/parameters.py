"""Named parameters that are views of one flat vector. Must not know layers."""

from collections.abc import Mapping
from math import prod
from typing import Any, NoReturn, Self

import numpy as np

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.errors import MissingKeyError, ShapeError, UsageError, shown
from convlens.spec import DTYPES

__all__ = ["Parameters"]


def _named(name: object) -> str:
    return f"`{name}`" if isinstance(name, str) else shown(name)


def _floats(dtype: str) -> str:
    if dtype not in DTYPES:
        raise UsageError(f"`dtype` of Parameters must be {' or '.join(DTYPES)}. Got {shown(dtype)}.")
    return dtype


class Parameters(dict[str, Array]):
    """A dict of named arrays, all views of one C-contiguous `vector`.

    Assigning copies the values in, so layers that hold the same view see them:
    `params["W1"] = a` never disconnects a layer from its network.

    Args:
        shapes: name → shape; the vector holds them in this order.
        dtype: "float32" or "float64".
        vector: where to hold them; None for zeros of their own.

    Attributes:
        vector: all numbers, one after the other.
    """

    @as_annotated
    def __init__(
        self, shapes: Mapping[str, tuple[int, ...]], dtype: str, vector: Array | None = None
    ) -> None:
        super().__init__()
        size = sum(prod(shape) for shape in shapes.values())
        self.vector: Array = np.zeros(size, _floats(dtype)) if vector is None else vector
        if not isinstance(self.vector, np.ndarray) or self.vector.shape != (size,):
            raise ShapeError(f"`vector` of Parameters must be an array ({size},). Got {shown(self.vector)}.")
        start = 0
        for name, shape in shapes.items():
            stop = start + prod(shape)
            super().__setitem__(name, self.vector[start:stop].reshape(shape))
            start = stop

    def __setitem__(self, name: str, value: Any) -> None:  # noqa: ANN401
        if not isinstance(name, str) or name not in self:
            raise MissingKeyError(f"there is no parameter {_named(name)}. There are: {', '.join(self)}.")
        if np.shape(value) != self[name].shape:
            raise ShapeError(f"`{name}` must be {self[name].shape}. Got {np.shape(value)}.")
        self[name][...] = value

    def update(self, other: Mapping[str, Array]) -> None:  # type: ignore[override]
        """Copy all values of `other` in; names and shapes are checked."""
        if not isinstance(other, Mapping):
            raise UsageError(f"parameters must be a dict of arrays. Got {shown(other)}.")
        for name, value in other.items():
            self[name] = value

    def __ior__(self, other: Mapping[str, Array]) -> Self:  # type: ignore[override,misc]
        self.update(other)
        return self

    def setdefault(self, name: str, default: Any = None) -> Array:  # noqa: ANN401
        """Return a parameter; there is never room for a new one."""
        if name not in self:
            self[name] = default  # says what there is
        return self[name]

    def __delitem__(self, name: str) -> NoReturn:
        self._keep(name)

    def pop(self, name: str, *_: Any) -> NoReturn:  # noqa: ANN401
        """Refuse: a parameter stays with its network."""
        self._keep(name)

    def popitem(self) -> NoReturn:
        """Refuse, as `pop` does."""
        self._keep(next(reversed(self)))

    def clear(self) -> NoReturn:
        """Refuse, as `pop` does."""
        self._keep(*self)

    @staticmethod
    def _keep(*names: str) -> NoReturn:
        raise UsageError(f"a parameter cannot be removed from its network. Got `{', '.join(names)}`.")
