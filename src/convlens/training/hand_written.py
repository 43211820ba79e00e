"""What a network that a reader wrote is made of, and what is wrong with it. Must not know who trains it.

Such a network is an object with `params`, `gradient`, `loss` and `accuracy`, after the book. Where its layers
are ours, the engine can compute it; where its `params` are not the layers' arrays, no update reaches them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from convlens.errors import UsageError
from convlens.layers import LAYERS, Layer, SoftmaxWithLoss, numerical_gradient, wants

__all__ = ["misfit", "numerical_gradient", "our_layers", "own_part", "require_live", "stand_ins"]


def our_layers(network: Any) -> list[Any] | None:  # noqa: ANN401
    """Return the object's layers in order, if they and its loss are ours and there is something to learn.

    A weight decay, by the book's name, is no part of them; a small one would not be seen in a batch.
    """
    if getattr(network, "weight_decay_lambda", 0):
        return None
    layers = [layer for _, layer in _listed(network) or []]
    if type(getattr(network, "last_layer", None)) is not SoftmaxWithLoss:
        return None
    if any(type(layer) not in LAYERS.values() for layer in layers):
        return None
    return layers if any(layer.trained_params for layer in layers) else None


def stand_ins(network: Any) -> list[Any] | None:  # noqa: ANN401
    """Return the layers that stand in for those of a network of the book's; None where it names none."""
    if type(getattr(network, "last_layer", None)) is not SoftmaxWithLoss:
        return None
    if not type(network).__module__.startswith("convlens.") or not hasattr(network, "stand_ins"):
        return None
    found: list[Any] | None = network.stand_ins()
    return found


def own_part(network: Any) -> str | None:  # noqa: ANN401
    """Say which part of a network of our layers is a class of its writer's own; None where nothing is ours.

    Such a part may compute anything, so the engine cannot stand in for it: a class derived from one of ours,
    another one among ours, or a loss.
    """
    layers, last = _listed(network), getattr(network, "last_layer", None)
    if not layers or not any(isinstance(layer, Layer) for _, layer in layers):
        return None
    for name, layer in layers:
        if type(layer) not in LAYERS.values():
            which, kind = f"`{name}`" if isinstance(name, str) else f"layer {name}", type(layer)
            if kind.__module__.startswith("convlens."):
                return f"its {which}, {kind.__name__}, is none of the engine's layers"
            return f"its {which} is a class of your own, {kind.__name__}"
    if getattr(network, "weight_decay_lambda", 0):
        return "its `weight_decay_lambda` is a part of its loss that its layers do not compute"
    if type(last) is not SoftmaxWithLoss:
        return f"its `last_layer` is not SoftmaxWithLoss but {type(last).__name__}"
    return None


def misfit(network: Any, layers: Sequence[Any], is_known: bool = False) -> str | None:  # noqa: ANN401
    """Say what keeps the engine from computing the object's layers; None if nothing does.

    Its parameters must be its layers' arrays, each once: an update of others may reach no layer, and copies
    of the layers' arrays are a common mistake. What layers remember of batches the engine would keep apart,
    and have of the first batch twice. And where layers draw, no two passes can be compared: that is only
    passed by where it is known what the object computes.
    """
    for layer in layers:
        if layer.untrained:
            return f"its {type(layer).__name__} remembers what it has seen of batches"
    for layer in layers if not is_known else ():
        if wants(layer.forward) == "batch":
            return f"its {type(layer).__name__} draws anew in each pass, so the engine's cannot be compared"
    held = [id(value) for layer in layers for value in layer.trained_params.values()]
    trained = {id(value) for value in network.params.values()}
    for name, value in network.params.items():
        if held.count(id(value)) != 1:
            return f"its `{name}` is not an array of one of its layers"
    for layer in layers:
        for name, value in layer.trained_params.items():
            if id(value) not in trained:
                return f"`{name}` of its {type(layer).__name__} is not in its `params`"
    return None


def require_live(network: Any) -> None:  # noqa: ANN401
    """Refuse `params` that are no dict, or new copies each time they are asked for: no update would last."""
    name, first, second = type(network).__name__, network.params, network.params
    if not isinstance(first, Mapping):
        raise UsageError(f"`params` of `{name}` must be a dict of arrays. Got {type(first).__name__}.")
    for key, value in first.items() if first is not second else ():
        if not np.may_share_memory(value, second[key]):
            rule = "must be the arrays that its layers hold"
            raise UsageError(
                f"`params` of `{name}` {rule}. Got a copy of `{key}`, whose update would be lost."
            )


def _listed(network: Any) -> list[tuple[str | int, Any]] | None:  # noqa: ANN401
    """Return the object's layers with their names or numbers, from a dict or a list."""
    layers = getattr(network, "layers", None)
    if isinstance(layers, dict):
        return list(layers.items())
    return list(enumerate(layers)) if isinstance(layers, list) else None
