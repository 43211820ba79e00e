"""The stage that a convolution is, with what is fused behind it. Must not know the plan."""

from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from convlens.engine.convolution.choosing import Tiles
from convlens.engine.convolution.dense import DenseGradient
from convlens.engine.convolution.forward import Order, Outputs, Wiring, convolver
from convlens.engine.convolution.geometry import Geometry
from convlens.engine.convolution.operands import Operands
from convlens.engine.convolution.sparse import SparseGradient
from convlens.engine.convolution.upside_down import UpsideDown
from convlens.engine.convolution.windows import WindowGradient
from convlens.engine.convolution.winograd import WinogradGradient
from convlens.engine.memory import Frame, Matrix
from convlens.engine.parameters import BoundParameters
from convlens.engine.stage import Stage, StageRow
from convlens.engine.tiles import DenseTile, SparseTile

__all__ = ["ConvolutionStage"]


class Gradient(Protocol):
    """What computes a part of the backward pass."""

    def allocate(self, capacity: int) -> None:
        """Make the buffers; memories have been allocated."""

    def run(self, n: int, is_first_piece: bool, is_last_piece: bool) -> None:
        """Compute from the derivatives of n samples."""


class FiltersGradient(Gradient, Protocol):
    """What computes dW and db, and masks the output's derivatives on the way."""

    name: ClassVar[str]


class ConvolutionStage(Stage):
    """Convolution + bias (+ ReLU) (+ max-pooling 2x2).

    The backward skips zeros after pooling and with a stride; else it is dense, and dx is a convolution with
    the filters upside down.
    """

    source: Frame
    bound: BoundParameters

    def __init__(self, layers: tuple[int, ...], source: Frame, bound: BoundParameters, geometry: Geometry,
                 relu: bool, needs_dx: bool) -> None:  # fmt: skip
        self.operands = Operands(geometry, source, bound, relu)
        super().__init__(layers, source, self.operands.frame, needs_dx)
        self.bound, self.geometry = bound, geometry
        self.tiles = Tiles.of(geometry, needs_dx)
        self.convolver = convolver(geometry, self.tiles.forward)
        self.filters = _filters(self.tiles, self.operands, needs_dx)
        self.inputs = _inputs(self.tiles, self.operands)

    @property
    def gradients(self) -> dict[str, NDArray[np.float32]]:
        return self.bound.gradients

    @property
    def reads_output(self) -> bool:
        return self.operands.relu

    def masks(self) -> bool:
        self.operands.masked = isinstance(self.filters, DenseGradient | WinogradGradient)
        return self.operands.masked and not self.geometry.pooled

    def flatten(self) -> Matrix:
        rows = self.operands.flatten()
        self.target = rows
        return rows

    def allocate(self, capacity: int) -> None:
        o = self.operands
        apart = isinstance(self.filters, SparseGradient) and self.filters.is_large
        o.allocate(capacity, reads_twice=apart or self.inputs is not None)
        self._allocate_outputs()
        self.filters.allocate(capacity)
        if self.inputs is not None:
            self.inputs.allocate(capacity)

    def allocate_forward(self, capacity: int) -> None:
        """Make what predicting needs; where it writes there is room."""
        self.operands.allocate(capacity, reads_twice=False)
        self._allocate_outputs()

    def _allocate_outputs(self) -> None:
        o = self.operands
        self.convolver.allocate(Wiring(
            order=Order.of(self.geometry),
            x=self.source.value,
            reads=o.reads,
            bias=self.bound.bias,
            floor=o.floor,
            out=Outputs(o.frame.value, o.winner, o.flat),
            output=o.output,
        ))  # fmt: skip

    def forward(self, n: int, train: bool, is_first_piece: bool = True) -> None:
        if self.is_taken_over and not train:
            return
        weights = self.bound.refresh() if is_first_piece else self.bound.w
        self.convolver.run(weights, n, pack=is_first_piece)

    def backward(self, n: int, is_first_piece: bool = True, is_last_piece: bool = True) -> None:
        self.filters.run(n, is_first_piece, is_last_piece)  # first: it masks what the other reads
        if self.inputs is not None:
            self.inputs.run(n, is_first_piece, is_last_piece)

    def describe(self) -> StageRow:
        names = ["convolution"]
        if self.operands.relu:
            names.append("ReLU")
        if self.geometry.pooled:
            names.append("max-pooling 2x2")
        kernel = f"{' + '.join(names)}; {self.filters.name} backward"
        return StageRow(self.layers, kernel, self.geometry.multiply_adds, str(self.tiles))


def _filters(tiles: Tiles, operands: Operands, needs_dx: bool) -> FiltersGradient:
    """Return what computes the gradient of the filters with these tiles."""
    tile = tiles.filters
    if isinstance(tile, SparseTile):
        return SparseGradient(tile, operands, scatters=needs_dx and tiles.windows is None)
    if isinstance(tile, DenseTile):
        return DenseGradient(tile, operands)
    return WinogradGradient(tile, operands)


def _inputs(tiles: Tiles, operands: Operands) -> Gradient | None:
    """Return what computes the gradient of the input; None: nobody wants it, or the filters' makes it."""
    if tiles.windows is not None:
        return WindowGradient(tiles.windows, operands)
    if tiles.upside_down is not None:
        return UpsideDown(tiles.upside_down, operands)
    return None
