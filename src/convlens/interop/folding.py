"""Batch normalisation that nobody needs to compute: in the weights before it. Must not know any format.

What a trained normalisation does is a scale and a shift a channel, gamma / √(variance + eps) and
beta - mean · scale, and weights in front of it take both in: W · scale, b · scale + shift.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from convlens.interop.exported import Exported, Numbers
from convlens.spec import BatchNormalization, LayerShape, LayerSpec

__all__ = ["folded"]

Own = dict[str, Numbers]
_OUTPUTS = {"convolution": 0, "affine": 1}
"""Kind of a layer that takes a normalisation in → the axis of its outputs in W."""


def folded(exported: Exported) -> Exported:
    """Return the same network with each normalisation in the weights before it.

    One that is not right behind weights stays, with its scale and shift as gamma and beta, a mean of 0 and a
    variance of 1 - eps, so that gamma · x + beta is all that is left to compute.
    """
    if not any(isinstance(row.layer, BatchNormalization) for row in exported.spec.table):
        return exported
    found = _through(exported, exported.spec.layers, iter(exported.spec.table))
    spec = replace(exported.spec, layers=tuple(layer for layer, _ in found))
    parameters = {
        parameter.name: own[parameter.key]
        for row, own in zip(spec.table, (one for _, kept in found for one in kept), strict=True)
        for parameter in row.parameters
    }
    return replace(exported, spec=spec, parameters={name: parameters[name] for name in spec.parameter_shapes})


def _through(
    exported: Exported, layers: Sequence[LayerSpec], rows: Iterator[LayerShape]
) -> list[tuple[LayerSpec, list[Own]]]:
    """Return layers that are left of a list, with what each row of theirs keeps; `rows` has theirs next."""
    found: list[tuple[LayerSpec, list[Own]]] = []
    for layer in layers:
        ways = [_through(exported, way, rows) for way in layer.ways]
        row = next(rows)
        inside = {field: tuple(one for one, _ in way) for field, way in zip(layer.holds, ways, strict=True)}
        named = replace(cast("Any", layer), name=row.name, **inside)
        if not isinstance(layer, BatchNormalization):
            found.append(
                (named, [*(own for way in ways for _, kept in way for own in kept), exported.own(row)])
            )
            continue
        scale, shift = _scale_and_shift(layer, exported.own(row))
        if found and _takes(row, found[-1][0]):
            before, kept = found[-1]
            found[-1] = before, [_with(kept[-1], _OUTPUTS[before.kind], scale, shift)]
        else:
            found.append((named, [_left(scale, shift, layer.eps)]))
    return found


def _takes(row: LayerShape, before: LayerSpec) -> bool:
    """Say whether the layer before a normalisation has weights, and as many outputs as that has channels."""
    return before.kind in _OUTPUTS and row.parameters[0].shape == row.input_shape[:1]


def _scale_and_shift(layer: BatchNormalization, own: Own) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    gamma, beta, mean, variance = (value.astype(np.float64) for value in own.values())
    scale = gamma / np.sqrt(variance + layer.eps)
    return scale, beta - mean * scale


def _with(own: Own, axis: int, scale: NDArray[np.float64], shift: NDArray[np.float64]) -> Own:
    """Return weights that scale and shift what they gave."""
    w = own["W"].astype(np.float64)
    along = scale if axis == w.ndim - 1 else scale.reshape(-1, *[1] * (w.ndim - 1))
    taken = {"W": w * along, "b": own["b"] * scale + shift}
    return {key: cast("Numbers", value.astype(np.float32)) for key, value in taken.items()}


def _left(scale: NDArray[np.float64], shift: NDArray[np.float64], eps: float) -> Own:
    """Return the parameters of a normalisation that has nothing in front that takes it in."""
    left = {"gamma": scale, "beta": shift, "running_mean": 0 * scale, "running_var": 0 * scale + 1 - eps}
    return {key: cast("Numbers", value.astype(np.float32)) for key, value in left.items()}
