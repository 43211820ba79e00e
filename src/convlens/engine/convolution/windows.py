"""dx behind pooling, window by window, for filters that stay in the cache. Must not know stages."""

from dataclasses import astuple

import numpy as np

from convlens.engine.convolution.operands import Operands
from convlens.engine.memory import aligned, aligned_rows
from convlens.engine.tiles import WindowTile
from convlens.kernels.convolution.input_windows import convolution_windows, pack_windows
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.runtime.slots import SLOTS
from convlens.kernels.sizes import WindowSizes

__all__ = ["WindowGradient"]


class WindowGradient:
    """dx; it reads the output's derivatives that `SparseGradient` has masked."""

    def __init__(self, tile: WindowTile, operands: Operands) -> None:
        self.tile, self.operands = tile, operands
        self._kernel = convolution_windows(*astuple(tile))

    def allocate(self, capacity: int) -> None:
        """Make the buffers; memories have been allocated."""
        del capacity
        o, g = self.operands, self.operands.geometry
        width = self.tile.vectors * self.tile.lanes
        # Each filter twice, the second time a column further right; rows of zeros above and below.
        self._copies = aligned(2 * g.F * (g.kernel[0] + 2 * g.stride[0]) * width)
        self._packing = (g.F, tuple(g.taps), g.stride, width)
        entries = g.F + 1  # one for a dead entry at the end
        room = (o.slots, aligned_rows(SLOTS, entries, np.int64), aligned_rows(SLOTS, entries))
        self._arguments = (o.frame.grad, o.winner, self._copies, o.source.grad, *room)
        shape = WindowSizes(g.kernel[0], g.stride[0], g.F, *g.grid)
        self._sizes = (tuple(o.reads), tuple(o.frame.sizes), tuple(shape), SHARES)

    def run(self, n: int, is_first_piece: bool, is_last_piece: bool) -> None:
        """Write dx of n samples."""
        del is_last_piece
        if is_first_piece:
            pack_windows(self.operands.bound.w, self._copies, *self._packing)
        self._kernel(*self._arguments, n, *self._sizes)
