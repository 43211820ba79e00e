"""What a layer *is*: one frozen dataclass a layer, one file a family, data only. Must not know arrays.

What a family's file lists in its `__all__` is a layer of its own, in `KINDS` and by its name in this room: it
needs no line here. A new family is its name in the tuple below.
"""

from typing import Any

from convlens.spec.layers import activations, affine, convolution, dropout, normalisation, pooling, residual
from convlens.spec.layers.activations import Relu, Sigmoid
from convlens.spec.layers.affine import Affine
from convlens.spec.layers.convolution import Convolution
from convlens.spec.layers.layer import LayerSpec, Purpose
from convlens.spec.layers.pooling import Pooling
from convlens.spec.layers.residual import Residual

__all__ = [
    "KINDS",
    "Affine",
    "Convolution",
    "LayerSpec",
    "Pooling",
    "Purpose",
    "Relu",
    "Residual",
    "Sigmoid",
]

_BY_NAME: dict[str, type[LayerSpec]] = {
    name: getattr(family, name)
    for family in (convolution, pooling, activations, affine, normalisation, dropout, residual)
    for name in family.__all__
}

KINDS: dict[str, type[LayerSpec]] = {made.kind: made for made in _BY_NAME.values()}
"""The layers that there are, by what files and the consumer tables call them."""

__all__ += [name for name in _BY_NAME if name not in globals()]


def __getattr__(name: str) -> Any:  # noqa: ANN401 (a class)
    """Return a layer that has no line of its own above."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    hint = "a layer's name belongs into the `__all__` of its family's file in spec/layers/"
    raise AttributeError(f"module {__name__!r} has no {name!r}: {hint}.")
