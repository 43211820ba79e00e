"""The stage of a depthwise convolution: each channel has a filter of its own. Must not know the plan."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from convlens.engine.convolution.geometry import Geometry
from convlens.engine.convolution.operands import Operands, PartialSums
from convlens.engine.memory import Frame, aligned
from convlens.engine.parameters import BoundParameters
from convlens.engine.stage import IDENTITY, Stage, StageRow
from convlens.kernels.convolution.depthwise import (
    GRADIENT_TAPS,
    depthwise,
    depthwise_gradient,
    depthwise_scatter,
)
from convlens.kernels.convolution.packing import pack_blocks, unpack_dense
from convlens.kernels.runtime.machine import lanes
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.sizes import DepthwiseSizes, MaskedSizes, Reads
from convlens.layers import Convolution
from convlens.spec.shapes import pair

__all__ = ["DepthwiseStage", "is_depthwise"]


def is_depthwise(layer: Convolution) -> bool:
    """Say whether each filter sees a channel of its own, and no channel is seen by two."""
    return 1 < layer.groups == len(layer.W) and layer.W.shape[1] == 1


class DepthwiseStage(Stage):
    """Depthwise convolution + bias (+ ReLU), of any stride, padding and dilation.

    With a stride of 1 dx is a depthwise convolution too; else derivatives are added where they belong.
    """

    source: Frame
    target: Frame
    bound: BoundParameters

    def __init__(self, layers: tuple[int, ...], source: Frame, bound: BoundParameters, relu: bool,
                 needs_dx: bool) -> None:  # fmt: skip
        layer = cast("Convolution", bound.layer)
        self.geometry = Geometry.of(layer, source.shape, pooled=False)
        self.operands = Operands(self.geometry, source, bound, relu)
        super().__init__(layers, source, self.operands.frame, needs_dx)
        self.bound = bound
        self.taps = layer.W.shape[2], layer.W.shape[3]
        self.gaps = pair(layer.dilation, "Convolution", "dilation", 1)
        if needs_dx and self.geometry.flips:
            self.target.require(*self.geometry.upside_down.border)

    @property
    def gradients(self) -> dict[str, NDArray[np.float32]]:
        return self.bound.gradients

    def allocate(self, capacity: int) -> None:
        del capacity
        o, g, x, y = self.operands, self.geometry, self.source, self.target
        count, (P, Q), width = self.taps[0] * self.taps[1], g.grid, -(-g.C // lanes()) * lanes()
        self.w, self.no_bias = aligned(count * width), aligned(width)
        self.packing = ((g.F, 0), (count, 1, 1), (count, 1, 1, 1), width)
        self.places = self._places(x.row)
        self.shape = tuple(DepthwiseSizes(g.C, P, Q, count, width))
        self.frames = (tuple(x.sizes), tuple(y.sizes))
        self.reads = tuple(o.reads)
        # Seen from the input, the taps lie the other way round, and begin behind the padding.
        self.back_places = -self._places(y.row)
        back = Reads(y.size, y.patch_origin(-g.pad[0], -g.pad[1]), y.row, y.row, g.C)
        self.back = (tuple(back), tuple(x.sizes), tuple(DepthwiseSizes(g.C, g.H, g.W, count, width)))
        self.sums, self.mask = PartialSums.of(len(self.places) * width, width), o.mask()
        self.output = tuple(MaskedSizes(*o.output, self.mask.sample))
        self.unpacking = (g.F, (count, 1, 1), (1, 1, width))

    def allocate_forward(self, capacity: int) -> None:
        """Make what predicting needs; where it writes there is room."""
        self.allocate(capacity)

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        if self.is_taken_over and not train:
            return
        if is_first_piece:
            pack_blocks(self.bound.refresh(), self.w, *self.packing)
        given = (self.source.value, self.w, self.places, self.bound.bias, self.operands.floor)
        sizes = (self.reads, self.frames[1], self.shape)
        depthwise(lanes())(*given, self.target.value, n, *sizes, SHARES)

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        x, y, sums = self.source, self.target, self.sums
        given = (x.value, y.grad, self.mask.values, self.places, *sums)
        depthwise_gradient(lanes())(*given, n, is_first_piece, self.reads, self.output, self.shape)
        if is_last_piece:
            unpack_dense(*sums, *self.bound.derivatives, *self.unpacking)
        if self.needs_dx and self.geometry.flips:
            filters = (self.w, self.back_places, self.no_bias, IDENTITY)
            depthwise(lanes())(y.grad, *filters, x.grad, n, *self.back, SHARES)
        elif self.needs_dx:
            sizes = (self.reads, self.frames[1], self.shape)
            depthwise_scatter(lanes())(y.grad, self.w, self.places, x.grad, n, *sizes, SHARES)

    def describe(self) -> StageRow:
        name = "depthwise convolution" + (" + ReLU" if self.operands.relu else "")
        g, (kh, kw) = self.geometry, self.taps
        multiply_adds = g.grid[0] * g.grid[1] * g.C * kh * kw
        tile = f"vectors of {lanes()} channels"
        return StageRow(self.layers, f"{name}; dense backward", multiply_adds, tile)

    def _places(self, row: int) -> NDArray[np.int64]:
        """Return where each tap looks, in numbers from a patch's start; the last one again to the end."""
        (kh, kw), (down, right), C = self.taps, self.gaps, self.geometry.C
        found = [u * down * row + v * right * C for u in range(kh) for v in range(kw)]
        return np.array(found + found[-1:] * (-len(found) % GRADIENT_TAPS), np.int64)
