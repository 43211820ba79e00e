"""Layers without a kernel: their own NumPy code, on views of the plan's memory. Must not know the plan."""

from typing import Any

import numpy as np

from convlens.engine.memory import Frame, Matrix, Memory
from convlens.engine.stage import Row, Stage
from convlens.engine.tiles import AffineTile
from convlens.layers import Batch, forward_in_batch, wants

__all__ = ["FallbackStage"]


class FallbackStage(Stage):
    """Calls `forward` and `backward` of one layer.

    Args:
        number: of the layer.
        source: where it reads.
        layer: any layer of the protocol; `forward(x)` without `train`, as in the book, will do. One that
            takes `batch` is told which samples it sees.
        gradients: arrays for its parameters' derivatives by name, or None for new ones.
    """

    def __init__(self, number: int, source: Memory, layer: Any, gradients: dict[str, Any] | None) -> None:  # noqa: ANN401
        self.layer = layer
        with np.errstate(all="ignore"):  # zeros may be outside a layer's domain; only the shape is wanted
            shape = np.shape(layer.forward(np.zeros((1, *source.shape), np.float32)))[1:]
        self.sees_batch = wants(layer.forward) == "batch"
        self._batch: Batch | None = None
        target = Frame(shape) if len(shape) == 3 else Matrix(shape, AffineTile.panel())
        super().__init__((number,), source, target)
        given = gradients or {}
        params = getattr(layer, "trained_params", getattr(layer, "params", {}))
        self.gradients = {
            name: np.zeros(p.shape, np.float32) if given.get(name) is None else given[name]
            for name, p in params.items()
        }

    def see(self, batch: Batch) -> None:
        self._batch = batch

    def forward(self, n: int, train: bool, first: bool = True) -> None:
        del first
        x, batch = self.source.view(n), self._batch if train else None
        self.target.view(n)[...] = forward_in_batch(self.layer, x, train, batch)

    def backward(self, n: int, first: bool = True, last: bool = True) -> None:
        del first, last
        dx = self.layer.backward(np.ascontiguousarray(self.target.grad_view(n)))
        if self.needs_dx:
            self.source.grad_view(n)[...] = dx
        for name, array in self.gradients.items():
            array[...] = self.layer.grads[name]

    def describe(self) -> Row:
        return Row(self.layers, f"NumPy code of {type(self.layer).__name__}", 0, "none")
