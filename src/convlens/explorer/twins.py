"""What the page computes of each layer: the consumer table `page`. Must not know HTML.

A layer's twin is the file of its kind in `browser/layers/`. What it needs to know about the layer's place in
the network is the same for all of them.
"""

from typing import Any

from convlens.arguments import as_annotated
from convlens.explorer.joined import twin_names
from convlens.spec import Dropout, LayerShape, LayerSpec, Missing, NetworkSpec

__all__ = ["PAGE", "described", "strangers", "twin_of"]

_WITHOUT: dict[str, Missing] = {}  # kinds that shall have no twin, and why

PAGE: dict[str, str | Missing] = {**{kind: kind for kind in twin_names()}, **_WITHOUT}
"""Kind of a layer → the name of its twin in the page, or why there is none."""


def twin_of(layer: LayerSpec) -> str:
    """Return the name of a layer's twin; "" where it has none."""
    twin = PAGE.get(layer.kind)
    return twin if isinstance(twin, str) else ""


@as_annotated
def strangers(spec: NetworkSpec) -> dict[str, str]:
    """Return the layers of a network that the page cannot compute: name → why."""
    found = {}
    for row in spec.table:
        if not twin_of(row.layer):
            cell = PAGE.get(row.layer.kind)
            found[row.name] = (
                cell.reason if isinstance(cell, Missing) else f"it has no twin for `{row.layer.kind}`"
            )
    return found


def described(row: LayerShape, offsets: dict[str, int]) -> dict[str, Any]:
    """Return one layer as the page's scripts read it.

    Args:
        row: the layer and its place in the network.
        offsets: where each parameter begins in the flat vector, by the network's names (W1, b1, …).
    """
    return {
        "name": row.name,
        "kind": twin_of(row.layer),
        "reads": row.reads,
        "input": row.input_shape,
        "output": row.output_shape,
        "window": row.layer.extent or (1, 1),
        "step": row.layer.step,
        "pad": row.layer.borders(row.input_shape),
        "spacing": row.layer.spacing,
        "parameters": {parameter.key: offsets[parameter.name] for parameter in row.parameters},
        "settings": _settings(row.layer),
    }


def _settings(layer: LayerSpec) -> dict[str, float]:
    """Return a layer's own numbers by name."""
    numbers = {key: value for key, value in vars(layer).items() if isinstance(value, int | float)}
    return {**numbers, "factor": layer.factor} if isinstance(layer, Dropout) else numbers
