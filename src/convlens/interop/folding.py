"""Batch normalisation that nobody needs to compute: in the weights before it. Must not know any format.

What a trained normalisation does is a scale and a shift a channel, gamma / √(variance + eps) and
beta - mean · scale, and weights in front of it take both in: W · scale, b · scale + shift.
"""

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
    found: list[tuple[LayerSpec, Own]] = []
    for row in exported.spec.table:
        layer, own = row.layer, exported.own(row)
        named = replace(cast("Any", layer), name=row.name)
        if not isinstance(layer, BatchNormalization):
            found.append((named, own))
            continue
        scale, shift = _scale_and_shift(layer, own)
        if found and _takes(row, found[-1][0]):
            found[-1] = found[-1][0], _with(found[-1][1], _OUTPUTS[found[-1][0].kind], scale, shift)
        else:
            found.append((named, _left(scale, shift, layer.eps)))
    if len(found) == len(exported.spec.layers) and all("gamma" not in own for _, own in found):
        return exported
    spec = replace(exported.spec, layers=tuple(layer for layer, _ in found))
    parameters = {
        parameter.name: own[parameter.key]
        for row, (_, own) in zip(spec.table, found, strict=True)
        for parameter in row.parameters
    }
    return replace(exported, spec=spec, parameters={name: parameters[name] for name in spec.parameter_shapes})


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
