"""The gradient of 3x3 filters without pooling, by Winograd's transforms. Must not know stages."""

from dataclasses import astuple
from typing import ClassVar

from convlens.engine.convolution.operands import Operands, PartialSums, groups
from convlens.engine.memory import aligned_rows, scratch
from convlens.engine.tiles import GradientTile
from convlens.kernels.convolution.filters_winograd import (
    STRIP,
    convolution_winograd_gradient,
    unpack_transposed,
)
from convlens.kernels.convolution.forward_winograd import GAP
from convlens.kernels.sizes import MaskedSizes

__all__ = ["WinogradGradient"]


class WinogradGradient:
    """dW and db."""

    name: ClassVar[str] = "dense"

    def __init__(self, tile: GradientTile, operands: Operands) -> None:
        self.operands, g = operands, operands.geometry
        if g.grid[0] % 2 or g.grid[1] % 2:  # the last tiles look one row further, and multiply it by zeros
            operands.source.require(g.border[0] + 1, g.border[1])
            operands.frame.require(1, 1)
        self._kernel = convolution_winograd_gradient(*astuple(tile))

    def allocate(self, capacity: int) -> None:
        """Make the buffers; memories have been allocated."""
        del capacity
        o, g = self.operands, self.operands.geometry
        self._sums, mask = PartialSums.of(9 * g.C * g.F, g.F, groups(16 * g.C * g.F)), o.mask()
        slots, *transformed = scratch(*(16 * (STRIP * count + GAP) for count in (g.C, g.F)))
        sums = (aligned_rows(len(self._sums.weights), 16 * g.C * g.F), *self._sums)
        given = (o.source.value, o.frame.grad, o.flat_grad, mask.values)
        self._arguments = (*given, slots, *sums, *transformed)
        output = MaskedSizes(*o.output, mask.sample)
        self._sizes = (tuple(o.reads), tuple(output), tuple(g.sizes), len(self._sums.weights))

    def run(self, n: int, is_first_piece: bool, is_last_piece: bool) -> None:
        """Add the gradients of n samples; they are complete after the last piece."""
        o, g = self.operands, self.operands.geometry
        self._kernel(*self._arguments, n, is_first_piece, is_last_piece, *self._sizes)
        if is_last_piece:
            unpack_transposed(*self._sums, *o.bound.derivatives, g.C, g.F)
