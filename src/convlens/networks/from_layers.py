"""From layers that exist to the spec that describes them. Must not know training."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from convlens import layers, spec
from convlens.errors import ShapeError, UsageError

__all__ = ["described", "layer_list"]


def layer_list(given: Mapping[str, Any] | Sequence[Any]) -> list[tuple[str | None, Any]]:
    """Return (name or None, layer) in order, from a dict by name or a list."""
    if isinstance(given, Mapping):
        return list(given.items())
    return [(None, layer) for layer in given]


def described(
    given: Sequence[tuple[str | None, Any]], input_shape: tuple[int, int, int], name: str, dtype: str
) -> spec.NetworkSpec:
    """Return the spec of these layers.

    Raises:
        UsageError: a layer is none of ours, or has no bias.
        ShapeError: a layer's weights do not fit its input.
    """
    specs = []
    for layer_name, layer in given:
        if type(layer) not in _SPECS:
            known = ", ".join(cls.__name__ for cls in _SPECS)
            raise UsageError(f"a network is made of {known}. Got {type(layer).__name__}.")
        if any(not np.ndim(getattr(layer, key, 1.0)) for key in ("W", "b") if hasattr(layer, key)):
            raise UsageError(
                f"{type(layer).__name__} of a network must have a bias array. Got b={layer.b!r}."
            )
        specs.append(_SPECS[type(layer)](layer, layer_name))
    made = spec.NetworkSpec(name, input_shape, tuple(specs), dtype=dtype)
    for row, (_, layer) in zip(made.table, given, strict=True):
        for key, shape in row.parameters.items():
            found = np.shape(getattr(layer, key[0]))
            if found != shape:
                hint = f" ({prod(row.input_shape)} values come in)" if len(shape) == 2 else ""
                raise ShapeError(f"`{key[0]}` of layer {row.name} must be {shape}{hint}. Got {found}.")
    return made


def _convolution(layer: layers.Convolution, name: str | None) -> spec.LayerSpec:
    W = np.asarray(layer.W)
    return spec.Convolution(len(W), (W.shape[2], W.shape[3]), layer.stride, layer.pad, name)


_SPECS: dict[type[Any], Callable[[Any, str | None], spec.LayerSpec]] = {
    layers.Convolution: _convolution,
    layers.Pooling: lambda layer, name: spec.Pooling(
        (layer.pool_h, layer.pool_w), layer.stride, layer.pad, name
    ),
    layers.Relu: lambda _, name: spec.Relu(name),
    layers.Sigmoid: lambda _, name: spec.Sigmoid(name),
    layers.Affine: lambda layer, name: spec.Affine(layer.W.shape[1], name),
}
"""The inverse of `layers.LAYERS`: class of a layer → its spec."""
