"""The gradient of the filters with all outputs multiplied, zeros too. Must not know stages.

Without pooling most outputs have a derivative. Behind pooling, for a first layer of many filters, lanes that
run over filters are worth the zeros.
"""

from dataclasses import astuple
from typing import ClassVar

from convlens.engine.convolution.operands import Mask, Operands, PartialSums
from convlens.engine.tiles import DenseTile
from convlens.kernels.convolution.filters_dense import convolution_dense
from convlens.kernels.convolution.filters_pooled import convolution_pooled
from convlens.kernels.convolution.packing import unpack_dense
from convlens.kernels.sizes import MaskedSizes

__all__ = ["DenseGradient"]


class DenseGradient:
    """dW and db."""

    name: ClassVar[str] = "dense"

    def __init__(self, tile: DenseTile, operands: Operands) -> None:
        self.tile, self.operands = tile, operands
        self._kernel = (convolution_pooled if operands.geometry.pooled else convolution_dense)(*astuple(tile))

    def allocate(self, capacity: int) -> None:
        """Make the buffers; memories have been allocated."""
        del capacity
        o, g, tile = self.operands, self.operands.geometry, self.tile
        block, KC = tile.vectors * tile.lanes, g.kernel[1] * g.C
        tiles = -(-g.F // block) * -(-g.kernel[0] // tile.rows) * -(-KC // tile.numbers)
        self._sums = PartialSums.of(tiles * tile.rows * tile.numbers * block, g.F)
        mask = Mask(o.winner, 0) if g.pooled else o.mask()  # winners lie as the frame does
        output = o.output if g.pooled else MaskedSizes(*o.output, mask.sample)
        room = (o.slots, *self._sums) if g.pooled else self._sums
        self._arguments = (o.source.value, o.frame.grad, o.flat_grad, mask.values, *room)
        self._sizes = (tuple(o.reads), tuple(output), tuple(g.sizes), len(self._sums.weights))
        self._unpacking = (g.F, tuple(g.taps), (tile.rows, tile.numbers, block))

    def run(self, n: int, is_first_piece: bool, is_last_piece: bool) -> None:
        """Add the gradients of n samples; they are complete after the last piece."""
        self._kernel(*self._arguments, n, is_first_piece, *self._sizes)
        if is_last_piece:
            unpack_dense(*self._sums, *self.operands.bound.derivatives, *self._unpacking)
