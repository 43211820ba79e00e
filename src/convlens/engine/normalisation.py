"""Batch normalisation, with the ReLU behind it, on the kernels. Must not know the plan.

Training it is a stage of its own: the statistics of a whole batch must be there before the first number is
normalised. Predicting it is in the weights of the convolution or the affine layer before it, which then
writes where the normalisation would.
"""

from dataclasses import replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from convlens.engine.affine import AffineStage
from convlens.engine.convolution import ConvolutionStage
from convlens.engine.convolution.depthwise import DepthwiseStage
from convlens.engine.convolution.spread import SpreadStage
from convlens.engine.memory import EMPTY, Frame, Matrix, Memory, aligned, aligned_rows, scratch
from convlens.engine.normalised_parameters import BoundNormalisation, FoldedParameters, FoldedSpread
from convlens.engine.stage import Stage, StageRow, floor_of
from convlens.engine.tiles import AffineTile
from convlens.kernels.normalisation import (
    PATTERNS,
    batch_statistics,
    normalise,
    normalise_backward,
    running_statistics,
)
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.sizes import FrameSizes

__all__ = ["NormalisationStage", "Weights", "folded"]

Numbers = NDArray[np.float32]

Weights = ConvolutionStage | DepthwiseStage | AffineStage
"""What takes a normalisation in."""


class NormalisationStage(Stage):
    """y = max(floor, gamma (x - mean) / sqrt(variance + eps) + beta).

    Args:
        before: the stage that writes `source`, where it is one that takes this one in; else None.
    """

    bound: BoundNormalisation

    pooled = False

    def __init__(self, layers: tuple[int, ...], source: Memory, bound: BoundNormalisation, relu: bool,
                 needs_dx: bool, before: Weights | None) -> None:  # fmt: skip
        self.predicts = None if before is None else folded(before, layers, bound, relu, self.pooled)
        target = self._made(source) if self.predicts is None else self.predicts.target
        super().__init__(layers, source, target, needs_dx)
        self.bound, self.relu, self.whole_batch = bound, relu, True
        if before is not None:
            before.is_taken_over = True
            if not isinstance(before, AffineStage):
                before.operands.normalised = True
        C, H, W = source.shape if isinstance(source, Frame) else (prod(source.shape), 1, 1)
        self.shape = (H, W, C)

    @property
    def reads_output(self) -> bool:
        return False

    @property
    def gradients(self) -> dict[str, Numbers]:
        return self.bound.gradients

    def allocate(self, capacity: int) -> None:
        _, Q, C = self.shape
        width = -(-Q * C // 16) * 16  # of a row, in whole vectors
        slots, sums = scratch(2 * width)
        partial = aligned_rows(SHARES, 2 * C, "float64")
        self.room = (aligned(width), slots, sums, partial)
        self.patterns, self.inverse = aligned_rows(PATTERNS, width), aligned(C, "float64")
        self.frames = (_sizes(self.source), _sizes(self.target))
        if self.predicts is not None:
            self.predicts.allocate_forward(capacity)

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        if self.predicts is not None and not train:
            self.predicts.forward(n, train=False, is_first_piece=is_first_piece)
            return
        layer, arrays = self.bound.layer, self.bound.arrays
        if train:
            settings = (layer.eps, layer.momentum, self._correction(n))
            given = (n, self.frames[0], self.shape, self.room, arrays, settings)
            batch_statistics(self.source.value, *given, self.patterns, self.inverse)
        elif is_first_piece:
            running_statistics(self.shape, arrays, layer.eps, self.patterns)
        self._normalise(n)

    def _normalise(self, n: int) -> None:
        """Write the target: all that is normalised by lies in `patterns`."""
        x, y, floor = self.source.value, self.target.value, floor_of(self.relu)
        normalise(x, y, floor, n, *self.frames, self.shape, self.patterns)

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        del is_first_piece, is_last_piece  # there is one piece
        dx = self.source.grad if self.needs_dx else EMPTY
        grads = tuple(self.bound.gradients.values())
        given = (floor_of(self.relu), n, self.frames, self.shape, self.room, grads)
        x, d = self.source.value, self.target.grad
        normalise_backward(x, d, dx, *given, self.patterns, self.inverse)

    def _made(self, source: Memory) -> Memory:
        """Return new memory for what is written."""
        return _like(source)

    def _correction(self, n: int) -> float:
        """Return what a batch's variance is times before it is remembered; below 0: it is not."""
        if self.bound.layer.variant == "book":
            return 1.0
        count = n * self.shape[0] * self.shape[1]
        return count / (count - 1) if count > 1 else -1.0

    def describe(self) -> StageRow:
        names = "batch normalisation" + " + ReLU" * self.relu + " + max-pooling 2x2" * self.pooled
        when = "" if self.predicts is None else "; when predicting in the weights before it"
        return StageRow(self.layers, f"{names}{when}", 0, "a row of 8 numbers at a time")


def folded(
    before: Weights, layers: tuple[int, ...], norm: BoundNormalisation, relu: bool, pooled: bool
) -> Weights:
    """Return the stage before a normalisation with that taken in, and the pooling behind a convolution."""
    if isinstance(before, SpreadStage):
        spread = FoldedSpread(before.bound, norm, before.source.channels)
        geometry = replace(before.geometry, pooled=pooled)
        return SpreadStage(layers, before.source, spread, geometry, relu, needs_dx=False)
    bound = FoldedParameters(before.bound, norm)
    if isinstance(before, ConvolutionStage):
        geometry = replace(before.geometry, pooled=pooled)
        return ConvolutionStage(layers, before.source, bound, geometry, relu, needs_dx=False)
    if isinstance(before, DepthwiseStage):
        return DepthwiseStage(layers, before.source, bound, relu, needs_dx=False)
    return AffineStage(layers, before.source, bound, relu, needs_dx=False)


def _like(memory: Memory) -> Memory:
    """Return new memory of the same shape."""
    return Frame(memory.shape) if isinstance(memory, Frame) else Matrix(memory.shape, AffineTile.panel())


def _sizes(memory: Memory) -> tuple[int, ...]:
    """Return how a memory lies as a frame; a row of a matrix is a picture of one place."""
    sizes = memory.sizes if isinstance(memory, Frame) else FrameSizes(memory.size, 0, memory.size)
    return tuple(sizes)
