"""The gradient of the filters where few outputs have one: behind pooling, or with a stride.

Must not know stages. Zeros are skipped. Where filters are many, dx is made from the same lists of live
outputs.
"""

from dataclasses import astuple
from math import prod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from convlens.engine.convolution.operands import LARGE_BANK, Operands, PartialSums
from convlens.engine.memory import EMPTY, aligned, aligned_rows
from convlens.engine.tiles import SparseTile
from convlens.kernels.convolution.filters_sparse import convolution_sparse
from convlens.kernels.convolution.packing import pack_rows, unpack_rows
from convlens.kernels.masking import mark_off
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.runtime.slots import SLOTS
from convlens.kernels.sizes import ListedSizes, SparseSizes

__all__ = ["SparseGradient"]

FEW_GROUPS = 8
"""Of samples, for banks whose filters are split as well: sums depend on it."""


class SparseGradient:
    """dW and db, and dx too if `scatters`."""

    name: ClassVar[str] = "sparse"

    def __init__(self, tile: SparseTile, operands: Operands, scatters: bool) -> None:
        self.tile, self.operands, self.scatters = tile, operands, scatters
        self._kernel = convolution_sparse(*astuple(tile))
        g, width = operands.geometry, tile.vectors * tile.lanes
        self._tiles = (-(-g.kernel[1] * g.C // width), width)  # of a patch row: how many, how wide
        # Scattering dx takes longer than the lists do: in a large bank both are done apart, block by block.
        self.is_large = scatters and g.F * g.kernel[0] * prod(self._tiles) >= LARGE_BANK

    def allocate(self, capacity: int) -> None:
        """Make the buffers; memories have been allocated."""
        o, g, y = self.operands, self.operands.geometry, self.operands.frame
        numbers = g.kernel[0] * prod(self._tiles)
        self._rows = aligned(g.F * numbers)
        room = (g.F + 2) * numbers  # two filters to spare: they come by threes
        self._sums = PartialSums.of(room, g.F, FEW_GROUPS if self.is_large else None)
        # With a stride instead of pooling nobody has won anything, and ReLU marks the outputs here.
        self._winner = o.winner if g.pooled else aligned(capacity * y.size, np.uint8)
        self._arguments = (o.source.value, y.grad, o.flat_grad, self._winner, o.slots, *self._room())
        output = ListedSizes(*o.output, window=2 if g.pooled else 1, kept=int(o.kept))
        shape = SparseSizes(g.kernel[0], self._tiles[0], g.F, *g.grid)
        self._sizes = (tuple(o.reads), tuple(output), tuple(shape), self.is_large, SHARES)

    def _room(self) -> tuple[NDArray[Any], ...]:
        """Return what the kernel takes from `delta` to `g`."""
        o = self.operands
        entries = o.geometry.grid[0] * o.geometry.grid[1] + 1  # one for a dead entry at the end
        down, right = o.reads.step_y, o.reads.step_x
        delta = np.array([0, right, down, down + right, 0])  # by winner; that of `OFF` is multiplied by 0
        dx = o.source.grad if self.scatters else EMPTY
        lists = (aligned_rows(SLOTS, entries, np.int64), aligned_rows(SLOTS, entries))
        return delta, self._rows, dx, *self._sums, *lists

    def run(self, n: int, is_first_piece: bool, is_last_piece: bool) -> None:
        """Add the gradients of n samples; they are complete after the last piece."""
        o, g = self.operands, self.operands.geometry
        if self.scatters and is_first_piece:
            pack_rows(o.bound.w, self._rows, g.F, tuple(g.taps), self._tiles[0] * self._tiles[1])
        if o.relu and not g.pooled:
            mark_off(o.frame.value[: n * o.frame.size], self._winner, SHARES)
        self._kernel(*self._arguments, n, is_first_piece, *self._sizes)
        if is_last_piece:
            unpack_rows(*self._sums, *o.bound.derivatives, g.F, tuple(g.taps), self._tiles)
