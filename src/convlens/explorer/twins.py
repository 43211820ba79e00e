"""What the page computes of each layer: the consumer table `page`. Must not know HTML.

A layer's twin is a function in `browser/layers.js`, found by its name. What it needs to know about the
layer's place in the network is the same for all of them.
"""

from dataclasses import dataclass
from typing import Any

from convlens.spec import Affine, Convolution, LayerShape, LayerSpec, Pooling, Relu, Sigmoid

__all__ = ["PAGE", "Missing", "described", "twin_of"]


@dataclass(frozen=True)
class Missing:
    """A layer that the page cannot compute.

    Attributes:
        reason: why.
    """

    reason: str


PAGE: dict[type[LayerSpec], str | Missing] = {
    Convolution: "convolution",
    Pooling: "pooling",
    Relu: "relu",
    Sigmoid: "sigmoid",
    Affine: "affine",
}
"""Spec of a layer → the name of its twin in the page, or why there is none."""


def twin_of(layer: LayerSpec) -> str:
    """Return the name of a layer's twin; "" where it has none."""
    twin = PAGE.get(type(layer), Missing("It is not in the table."))
    return "" if isinstance(twin, Missing) else twin


def described(row: LayerShape, offsets: dict[str, int]) -> dict[str, Any]:
    """Return one layer as the page's scripts read it.

    Args:
        row: the layer and its place in the network.
        offsets: where each parameter begins in the flat vector, by the network's names (W1, b1, …).
    """
    own = {name[0]: offsets[name] for name in row.parameters}
    window, step, pad = row.layer.extent, row.layer.step, getattr(row.layer, "pad", (0, 0))
    return {
        "name": row.name,
        "kind": twin_of(row.layer),
        "input": row.input_shape,
        "output": row.output_shape,
        "window": window,
        "step": step,
        "pad": pad,
        "weights": own.get("W", -1),
        "biases": own.get("b", -1),
    }
