"""Layers without a kernel: their own NumPy code, on views of the plan's memory. Must not know the plan."""

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

from convlens.engine.memory import Frame, Matrix, Memory
from convlens.engine.stage import Row, Stage
from convlens.engine.tiles import AffineTile

__all__ = ["FallbackStage"]


class FallbackStage(Stage):
    """Calls `forward` and `backward` of one layer.

    Args:
        number: of the layer.
        source: where it reads.
        layer: any layer of the protocol; `forward(x)` without `train`, as in the book, will do.
        gradients: arrays for its parameters' derivatives by name, or None for new ones.
    """

    def __init__(self, number: int, source: Memory, layer: Any, gradients: dict[str, Any] | None) -> None:  # noqa: ANN401
        self.layer = layer
        with np.errstate(all="ignore"):  # zeros may be outside a layer's domain; only the shape is wanted
            shape = np.shape(layer.forward(np.zeros((1, *source.shape), np.float32)))[1:]
        self._knows_training = _takes_two(layer.forward)
        target = Frame(shape) if len(shape) == 3 else Matrix(shape, AffineTile.panel())
        super().__init__((number,), source, target)
        given = gradients or {}
        params = getattr(layer, "trained_params", getattr(layer, "params", {}))
        self.outputs = {
            name: np.zeros(p.shape, np.float32) if given.get(name) is None else given[name]
            for name, p in params.items()
        }

    def forward(self, n: int, train: bool, first: bool = True) -> None:
        del first
        x = self.source.view(n)
        self.target.view(n)[...] = (
            self.layer.forward(x, train) if self._knows_training else self.layer.forward(x)
        )

    def backward(self, n: int, first: bool = True, last: bool = True) -> None:
        del first, last
        dx = self.layer.backward(np.ascontiguousarray(self.target.grad_view(n)))
        if self.needs_dx:
            self.source.grad_view(n)[...] = dx
        for name, array in self.outputs.items():
            array[...] = self.layer.grads[name]

    def describe(self) -> Row:
        return Row(self.layers, f"NumPy code of {type(self.layer).__name__}", 0, "none")


def _takes_two(forward: Callable[..., Any]) -> bool:
    """Say whether a layer wants to know if it is being trained."""
    try:
        signature(forward).bind(None, None)
    except TypeError:
        return False
    return True
