"""From layers that exist to the spec that describes them. Must not know training."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from convlens import layers, spec
from convlens.arguments import listed
from convlens.errors import ShapeError, UsageError, shown
from convlens.layers.residual import depth_first

__all__ = ["described", "layer_list"]


def layer_list(given: Mapping[str, Any] | Sequence[Any]) -> list[tuple[str | None, Any]]:
    """Return (name or None, layer) in order, from a dict by name or a list."""
    if isinstance(given, Mapping):
        return list(given.items())
    if (layers := listed(given)) is None:
        raise UsageError(f"a network is made of layers, in a list or a dict by name. Got {shown(given)}.")
    return [(None, layer) for layer in layers]


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
        for one in depth_first(layer):
            _require_ours(one)
        specs.append(layer.to_spec(layer_name))
    made = spec.NetworkSpec(name, input_shape, tuple(specs), dtype=dtype)
    for row, (_, layer) in zip(made.outer, given, strict=True):
        for key, parameter in row.kept.items():
            found = np.shape(getattr(layer, key))
            if found != parameter.shape:
                is_matrix = parameter.role is spec.Role.MATRIX
                hint = f" ({prod(row.input_shape)} values come in)" if is_matrix else ""
                which = f"`{key}` of layer {row.name}"
                raise ShapeError(f"{which} must be {parameter.shape}{hint}. Got {found}.")
    return made


def _require_ours(layer: Any) -> None:  # noqa: ANN401
    """Refuse a layer that no spec describes, or that has no bias."""
    if type(layer) not in layers.LAYERS.values():
        known = ", ".join(cls.__name__ for cls in layers.LAYERS.values())
        raise UsageError(f"a network is made of {known}. Got {type(layer).__name__}.")
    for key in layer.trained:
        if not np.ndim(getattr(layer, key)):
            rule = f"`{key}` of {type(layer).__name__} in a network must be an array (no bias is zeros)"
            raise UsageError(f"{rule}. Got {getattr(layer, key)!r}.")
