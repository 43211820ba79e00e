"""Layers without a kernel: their own NumPy code, on views of the plan's memory. Must not know the plan."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlens.engine.memory import Frame, Matrix, Memory
from convlens.engine.stage import Stage, StageRow
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
        whole_batch: whether it may look at more than one sample at a time, as batch normalisation does.
        needs_dx: whether the derivatives by the source are wanted.
    """

    in_python = True

    def __init__(self, number: int, source: Memory, layer: Any, gradients: dict[str, Any] | None,  # noqa: ANN401
                 whole_batch: bool, needs_dx: bool) -> None:  # fmt: skip
        self.layer = layer
        with np.errstate(all="ignore"):  # zeros may be outside a layer's domain; only the shape is wanted
            shape = np.shape(layer.forward(np.zeros((1, *source.shape), np.float32)))[1:]
        self.sees_batch = wants(layer.forward) == "batch"
        self._batch: Batch | None = None
        target = Frame(shape) if len(shape) == 3 else Matrix(shape, AffineTile.panel())
        super().__init__((number,), source, target, needs_dx)
        self.whole_batch = whole_batch
        given = gradients or {}
        untrained = getattr(layer, "untrained", ())
        self._gradients = {
            name: np.zeros(p.shape, np.float32) if given.get(name) is None else given[name]
            for name, p in getattr(layer, "params", {}).items()
            if name not in untrained
        }

    @property
    def reads_output(self) -> bool:
        return False

    @property
    def gradients(self) -> dict[str, NDArray[np.float32]]:
        return self._gradients

    def see(self, batch: Batch) -> None:
        self._batch = batch

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        del is_first_piece
        x, batch = self.source.view(n), self._batch if train else None
        self.target.view(n)[...] = forward_in_batch(self.layer, x, train, batch, self.layers[0])

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        del is_last_piece
        # In the order of an array that NumPy code would have made: einsum and reshape then need no copies.
        dx = self.layer.backward(np.ascontiguousarray(self.target.grad_view(n)))
        if self.needs_dx:
            self.source.grad_view(n)[...] = dx
        for name, total in self._gradients.items():
            if is_first_piece:
                total[...] = self.layer.grads[name]
            else:
                np.add(total, self.layer.grads[name], out=total)

    def describe(self) -> StageRow:
        return StageRow(self.layers, f"NumPy code of {type(self.layer).__name__}", 0, "none")
