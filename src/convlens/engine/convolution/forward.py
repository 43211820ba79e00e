"""One convolution ready to run: its kernel, its tile and its packed filters. Must not know stages.

The forward pass is one, and so are the derivatives by the input of a convolution with a stride of 1, with the
filters upside down.
"""

from dataclasses import astuple
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlens.engine.convolution.choosing import OutputsTile
from convlens.engine.convolution.geometry import Geometry
from convlens.engine.memory import EMPTY, aligned, scratch
from convlens.engine.tiles import ColumnTile, WinogradTile
from convlens.kernels.convolution.forward import convolution, convolution_pool
from convlens.kernels.convolution.forward_columns import convolution_columns
from convlens.kernels.convolution.forward_winograd import GAP, convolution_winograd, transform_filters
from convlens.kernels.convolution.packing import pack_blocks
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.runtime.tapes import ArrayBlank
from convlens.kernels.simd.vectors import size
from convlens.kernels.sizes import OutputSizes, Reads

__all__ = ["Convolver", "Order", "Outputs", "WinogradConvolver", "Wiring", "convolver"]

Numbers = NDArray[np.float32]


class Order(NamedTuple):
    """Where the weights lie that a convolution reads: the first one, and the steps to the next."""

    start: int
    filter: int
    row: int
    column: int
    channel: int

    @classmethod
    def of(cls, g: Geometry) -> "Order":
        """W's own order (F, C, kh, kw)."""
        kh, kw = g.kernel
        return cls(0, g.C * kh * kw, kw, 1, kh * kw)

    @classmethod
    def upside_down(cls, g: Geometry) -> "Order":
        """That of `g.upside_down`: its filter c reads w[f, c, kh - 1 - u, kw - 1 - v] of g's weights."""
        kh, kw = g.kernel
        return cls(kh * kw - 1, kh * kw, -kw, -1, g.C * kh * kw)


class Outputs(NamedTuple):
    """Where a convolution writes: frame values, the winner of each window, rows in the book's order."""

    value: Any
    winner: Any = EMPTY
    flat: Any = EMPTY


class Wiring(NamedTuple):
    """What stays the same from one run to the next.

    Attributes:
        order: where weights lie.
        x: values of the frame that is read.
        reads: how patches are found in it.
        bias: of each filter.
        floor: 0 for ReLU, NaN for none.
        out: where to.
        output: how that lies.
    """

    order: Order
    x: Numbers
    reads: Reads
    bias: Numbers
    floor: np.float32
    out: Outputs
    output: OutputSizes

    def arguments(self, filters: Numbers, room: tuple[Any, ...] = ()) -> tuple[Any, ...]:
        """Return what a kernel takes before the number of samples; without `room` it takes no winner."""
        value, winner, flat = self.out
        places = (value, winner, flat, *room) if room else (value, flat)
        return (self.x, filters, self.bias, self.floor, *places)


class Convolver:
    """Runs convolutions of one geometry with one register tile, whose type says which kernel runs."""

    def __init__(self, geometry: Geometry, tile: OutputsTile) -> None:
        self.geometry, self.tile = geometry, tile
        self._kernel = _kernel(tile, geometry.pooled)
        self._blocks = -(-geometry.F // tile.block)

    def allocate(self, wiring: Wiring) -> None:
        """Make room for the packed filters, and fix all that the kernel takes but weights and samples."""
        g, (start, *strides) = self.geometry, wiring.order
        self._packed = aligned(self._blocks * g.kernel[0] * g.kernel[1] * g.C * self.tile.block)
        self._packing = ((g.F, start), tuple(g.taps), tuple(strides), self.tile.block)
        self._arguments = wiring.arguments(self._packed, scratch() if g.pooled else ())
        self._sizes = (tuple(wiring.reads), tuple(wiring.output), tuple(g.sizes))

    def run(self, weights: ArrayBlank, n: int, pack: bool) -> None:
        """Write the convolution of n samples; `pack`: whether weights are others than at the last call."""
        if pack:
            self._pack(weights)
        self._kernel(*self._arguments, n, *self._sizes, SHARES)

    def _pack(self, weights: ArrayBlank) -> None:
        pack_blocks(weights, self._packed, *self._packing)


class WinogradConvolver(Convolver):
    """The same by Winograd's transforms: filters are transformed too, and products need room."""

    tile: WinogradTile

    def allocate(self, wiring: Wiring) -> None:
        super().allocate(wiring)
        g, tile = self.geometry, self.tile
        transformed = aligned(self._blocks * 16 * g.C * tile.block)
        self._transforming = (transformed, self._blocks, g.C, size(tile.vectors), size(tile.lanes))
        room = scratch(*(16 * (tile.tiles * count + GAP) for count in (g.C, g.F)))
        self._arguments = wiring.arguments(transformed, room)

    def _pack(self, weights: ArrayBlank) -> None:
        super()._pack(weights)
        transform_filters(self._packed, *self._transforming)


def convolver(geometry: Geometry, tile: OutputsTile) -> Convolver:
    """Return what runs a convolution with this tile."""
    return (WinogradConvolver if isinstance(tile, WinogradTile) else Convolver)(geometry, tile)


def _kernel(tile: OutputsTile, pooled: bool) -> Any:  # noqa: ANN401
    """Return the kernel of a tile."""
    if isinstance(tile, WinogradTile):
        return convolution_winograd(*astuple(tile), pooled)
    if isinstance(tile, ColumnTile):
        return convolution_columns(*astuple(tile))
    return (convolution_pool if pooled else convolution)(*astuple(tile))
