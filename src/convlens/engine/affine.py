"""Affine, with the ReLU behind it, on the kernels. Must not know the plan."""

import numpy as np
from numpy.typing import NDArray

from convlens.engine.memory import EMPTY, Matrix, aligned
from convlens.engine.menu import ROWS
from convlens.engine.parameters import Bound
from convlens.engine.stage import IDENTITY, RELU, Row, Stage
from convlens.engine.tiles import AffineTile
from convlens.kernels.affine import affine_backward, affine_forward, copy_rows
from convlens.kernels.parts import PARTS

__all__ = ["AffineStage"]

Numbers = NDArray[np.float32]

DEEP = 1024  # inputs: from here on the inner dimension is split, so that each part of W is read by one thread
SMALL = 300_000  # multiply-adds of a batch: below, waking threads costs more than they help


class AffineStage(Stage):
    """z = max(floor, a W + b).

    A W with fewer columns than its panel, or too few rows for a tile, is copied into rows of whole vectors at
    each step, and its gradient back: kernels neither read nor write past the layer's arrays.
    """

    source: Matrix
    target: Matrix

    def __init__(self, layers: tuple[int, ...], source: Matrix, bound: Bound, relu: bool) -> None:
        self.inputs, self.outputs = bound.layer.W.shape
        super().__init__(layers, source, Matrix((self.outputs,), AffineTile.panel()))
        self.bound, self.relu = bound, relu
        self.gradients = bound.gradients
        self.floor = RELU if relu else IDENTITY

    def allocate(self, capacity: int) -> None:
        K, M = self.inputs, self.outputs
        tile = self.tile = AffineTile.choose()
        panel = tile.vectors * tile.lanes
        self.columns = M if panel <= M else -(-M // tile.lanes) * tile.lanes
        self.copies = self.columns != M or 0 < K % panel < ROWS
        if self.copies:
            self.w, self.dw = (aligned((K + ROWS) * self.columns) for _ in range(2))
        sizes = (tile.rows, tile.vectors, tile.lanes)
        self._forward, self._forward_one = affine_forward(*sizes), affine_forward(1, *sizes[1:])
        self._backward = affine_backward(*sizes)
        self.split = (PARTS, 1) if K >= DEEP else (1, PARTS)
        self.part = aligned(self.split[0] * max(capacity, ROWS) * self.target.size)
        self.panel = aligned(PARTS * panel * self.columns)
        self.more: tuple[Numbers, Numbers] | None = None  # derivatives of a later piece
        self.lds = (self.source.size, self.columns, self.target.size, 1, panel)

    def forward(self, n: int, train: bool, first: bool = True) -> None:
        del train
        w = self.bound.refresh() if first else self.bound.w
        if self.copies:
            if first:
                copy_rows(w, self.outputs, self.w, self.columns, self.inputs, self.outputs)
            w = self.w
        large = n * self.inputs * self.outputs >= SMALL
        splits = (*self.split, PARTS) if large else (1, 1, 1)
        shape = (n, self.inputs, self.columns)
        x, z = self.source.value, self.target.value
        run = self._forward if n > 1 else self._forward_one
        run(x, w, self.bound.bias, self.part, z, self.floor, shape, self.lds, splits)

    def backward(self, n: int, first: bool = True, last: bool = True) -> None:
        bound = self.bound
        w, dw = (self.w, self.dw) if self.copies else (bound.w, bound.dw.reshape(-1))
        if first:
            self._gradients(n, w, dw, bound.sums)
        else:
            if self.more is None:
                self.more = aligned(dw.size)[: dw.size], np.zeros_like(bound.sums)
            self._gradients(n, w, *self.more)
            for total, one in zip((dw, bound.sums), self.more, strict=True):
                np.add(total, one, out=total)
        if not last:
            return
        if self.copies:
            copy_rows(self.dw, self.columns, bound.dw.reshape(-1), self.outputs, self.inputs, self.outputs)
        if bound.has_bias:
            np.copyto(bound.db, bound.sums[: self.outputs])

    def _gradients(self, n: int, w: Numbers, dw: Numbers, db: Numbers) -> None:
        """Write the derivatives of one piece."""
        da = self.source.grad if self.needs_dx else EMPTY
        shape = (n, self.inputs, self.columns)
        parts = PARTS if n * self.inputs * self.outputs >= SMALL else 1
        x, z, dz = self.source.value, self.target.value, self.target.grad
        self._backward(x, w, dz, z, self.relu, da, dw, db, self.panel, shape, self.lds, parts)

    def describe(self) -> Row:
        name = "affine + ReLU" if self.relu else "affine"
        return Row(self.layers, f"{name}; dense backward", self.inputs * self.outputs, str(self.tile))
