"""Affine, with the ReLU behind it, on the kernels. Must not know the plan."""

import numpy as np
from numpy.typing import NDArray

from convlens.engine.memory import EMPTY, Matrix, aligned, scratch
from convlens.engine.parameters import BoundParameters
from convlens.engine.stage import Stage, StageRow, floor_of
from convlens.engine.tile_tables import AFFINE_ROWS
from convlens.engine.tiles import AffineTile
from convlens.kernels.affine import affine_backward, affine_forward, copy_rows
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.runtime.slots import SLOTS
from convlens.kernels.runtime.tapes import ArrayBlank
from convlens.kernels.sizes import AffineRows
from convlens.kernels.spans import add_span, copy_span

__all__ = ["AffineStage"]

Numbers = NDArray[np.float32]

SPLIT_INNER_FROM = 1024
"""Inputs from which the inner dimension is split, so that few threads read each part of W."""

SPLIT_FROM = 300_000
"""Multiply-adds of a batch below which adding the parts up costs more than it helps."""

PARTS = 8
"""Of the inner dimension: sums depend on it."""


class AffineStage(Stage):
    """z = max(floor, a W + b).

    A W with fewer columns than its panel, or too few rows for a tile, is copied into rows of whole vectors at
    each step, and its gradient back: kernels neither read nor write past the layer's arrays. So is one that a
    frozen plan has read.
    """

    source: Matrix
    target: Matrix
    bound: BoundParameters

    def __init__(self, layers: tuple[int, ...], source: Matrix, bound: BoundParameters, relu: bool,
                 needs_dx: bool) -> None:  # fmt: skip
        self.inputs, self.outputs = bound.layer.W.shape
        super().__init__(layers, source, Matrix((self.outputs,), AffineTile.panel()), needs_dx)
        self.bound, self.relu, self.masked = bound, relu, relu
        self.tile = AffineTile.choose()

    @property
    def gradients(self) -> dict[str, Numbers]:
        return self.bound.gradients

    @property
    def reads_output(self) -> bool:
        return self.relu

    def masks(self) -> bool:
        self.masked = True
        return True

    def allocate(self, capacity: int) -> None:
        K, M, tile = self.inputs, self.outputs, self.tile
        panel = tile.vectors * tile.lanes
        columns = self.columns = M if panel <= M else -(-M // tile.lanes) * tile.lanes
        # K % panel: rows of W in the last panel, which a tile of the gradient may write past.
        self.copies = self.bound.frozen or columns != M or 0 < K % panel < AFFINE_ROWS
        self.w, self.dw = (aligned((K + AFFINE_ROWS) * columns if self.copies else 0) for _ in range(2))
        self._forward = affine_forward(tile.rows, tile.vectors, tile.lanes)
        self._forward_one = affine_forward(1, tile.vectors, tile.lanes)
        self._backward = affine_backward(tile.rows, tile.vectors, tile.lanes)
        self.parts = PARTS if K >= SPLIT_INNER_FROM else 1
        self.partial = aligned(self.parts * max(capacity, AFFINE_ROWS) * self.target.size)
        self.slots, self.panel = scratch()[0], aligned(SLOTS * panel * columns)
        self.sums = aligned(M)
        self.more: tuple[Numbers, Numbers] | None = None  # derivatives of a later piece
        self.lds = tuple(AffineRows(self.source.size, columns, self.target.size, 1, panel))

    def allocate_forward(self, capacity: int) -> None:
        """Make what predicting needs; where it writes there is room."""
        self.allocate(capacity)

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        if self.is_taken_over and not train:
            return
        w: Numbers | ArrayBlank = self.bound.refresh() if is_first_piece else self.bound.w
        if self.copies:
            if is_first_piece:
                copy_rows(w, self.outputs, self.w, self.columns, self.inputs, self.outputs)
            w = self.w
        parts = self.parts if n * self.inputs * self.outputs >= SPLIT_FROM else 1
        shape = (n, self.inputs, self.columns)
        x, z = self.source.value, self.target.value
        run = self._forward if n > 1 else self._forward_one  # one picture is not computed as six
        run(x, w, self.bound.bias, self.partial, z, floor_of(self.relu), shape, self.lds, parts, SHARES)

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        bound = self.bound
        w: Numbers | ArrayBlank
        w, dw = (self.w, self.dw) if self.copies else (bound.w, bound.dw.reshape(-1))
        if is_first_piece:
            self._gradients(n, w, dw, self.sums)
        else:
            if self.more is None:  # most plans have one piece, and no need of it
                self.more = aligned(dw.size)[: dw.size], np.zeros_like(self.sums)
            self._gradients(n, w, *self.more)
            for total, one in zip((dw, self.sums), self.more, strict=True):
                add_span(one, total, one.size)
        if not is_last_piece:
            return
        if self.copies:
            copy_rows(self.dw, self.columns, bound.dw.reshape(-1), self.outputs, self.inputs, self.outputs)
        if bound.has_bias:
            copy_span(self.sums, bound.db, self.outputs)

    def _gradients(self, n: int, w: Numbers | ArrayBlank, dw: Numbers, db: Numbers) -> None:
        """Write the derivatives of one piece."""
        da = self.source.grad if self.needs_dx else EMPTY
        shape = (n, self.inputs, self.columns)
        x, z, dz = self.source.value, self.target.value, self.target.grad
        room = (self.panel, self.slots)
        self._backward(x, w, dz, z, self.masked, da, dw, db, *room, shape, self.lds, SHARES)

    def describe(self) -> StageRow:
        name = "affine + ReLU" if self.relu else "affine"
        return StageRow(self.layers, f"{name}; dense backward", self.inputs * self.outputs, str(self.tile))
