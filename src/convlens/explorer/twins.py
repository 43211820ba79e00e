"""What the page computes of each layer: the consumer table `page`. Must not know HTML.

A layer's twin is written in `browser/layers.js`, found by its name. What it needs to know about the
layer's place in the network is the same for all of them.
"""

from typing import Any

from convlens.spec import LayerShape, LayerSpec, Missing, Role

__all__ = ["PAGE", "described", "twin_of"]

PAGE: dict[str, str | Missing] = {
    "convolution": "convolution",
    "pooling": "pooling",
    "relu": "relu",
    "sigmoid": "sigmoid",
    "affine": "affine",
}
"""Kind of a layer → the name of its twin in the page, or why there is none."""


def twin_of(layer: LayerSpec) -> str:
    """Return the name of a layer's twin; "" where it has none."""
    twin = PAGE.get(layer.kind, Missing("It is not in the table."))
    return "" if isinstance(twin, Missing) else twin


def described(row: LayerShape, offsets: dict[str, int]) -> dict[str, Any]:
    """Return one layer as the page's scripts read it.

    Args:
        row: the layer and its place in the network.
        offsets: where each parameter begins in the flat vector, by the network's names (W1, b1, …).
    """
    begins = {parameter.role: offsets[parameter.name] for parameter in row.parameters}
    return {
        "name": row.name,
        "kind": twin_of(row.layer),
        "input": row.input_shape,
        "output": row.output_shape,
        "window": row.layer.extent or (1, 1),
        "step": row.layer.step,
        "pad": row.layer.padding,
        "weights": begins.get(Role.FILTERS, begins.get(Role.MATRIX, -1)),
        "biases": begins.get(Role.BIAS, -1),
    }
