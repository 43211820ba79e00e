"""One convolution ready to run: its kernel, its tile and its packed filters. Must not know stages.

The forward pass is one, and so are the derivatives by the input of a convolution with a stride of 1, with the
filters upside down.
"""

from dataclasses import astuple, dataclass
from typing import Any, NamedTuple

from convlens.engine.memory import EMPTY, aligned, aligned_rows
from convlens.engine.tiles import ColumnTile, ForwardTile, WinogradTile
from convlens.kernels.columns import convolution_columns
from convlens.kernels.convolution import convolution, convolution_pool
from convlens.kernels.packing import pack_blocks
from convlens.kernels.parts import PARTS
from convlens.kernels.simd import size
from convlens.kernels.winograd import convolution_winograd, transform_filters

__all__ = ["Convolver", "ForwardTiles", "Outputs", "Shape", "forward_tile"]

ForwardTiles = ColumnTile | ForwardTile | WinogradTile


@dataclass(frozen=True)
class Shape:
    """What decides about the kernel.

    Attributes:
        channels: that are read.
        filters: that are written.
        kernel: (rows, columns).
        stride: (vertical, horizontal).
        positions: rows and columns of the output before pooling.
        pooled: whether 2x2 max-pooling follows.
    """

    channels: int
    filters: int
    kernel: tuple[int, int]
    stride: tuple[int, int]
    positions: tuple[int, int]
    pooled: bool

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the output."""
        rows, columns = self.positions
        return (rows // 2, columns // 2) if self.pooled else (rows, columns)


class Outputs(NamedTuple):
    """Where a convolution writes: frame values, the place of each maximum, rows in the book's order."""

    value: Any
    arg: Any = EMPTY
    flat: Any = EMPTY


class Convolver:
    """Runs convolutions of one shape with one register tile, whose type says which kernel runs."""

    def __init__(self, shape: Shape, tile: ForwardTiles) -> None:
        self.shape, self.tile = shape, tile
        self._kernel = _kernel(self.tile, shape.pooled)
        (kh, kw), block = shape.kernel, self.tile.block
        self._blocks = -(-shape.filters // block)
        self._packed = aligned(self._blocks * kh * kw * shape.channels * block)
        if isinstance(self.tile, WinogradTile):
            self._transformed = aligned(self._blocks * 16 * shape.channels * block)
            self._scratch = tuple(
                aligned_rows(PARTS, 16 * self.tile.tiles * count) for count in (shape.channels, shape.filters)
            )

    def run(self, weights: Any, order: Any, x: Any, bias: Any, floor: Any, out: Outputs, n: int,  # noqa: ANN401
            reads: Any, writes: Any, pack: bool) -> None:  # fmt: skip  # noqa: ANN401
        """Write the convolution of n samples of x.

        Args:
            weights: flat.
            order: (where the first weight is, their strides), as `pack_blocks` takes them.
            x: values of the frame that is read.
            bias: of each filter.
            floor: 0 for ReLU, NaN for none.
            out: where to.
            n: samples.
            reads: sizes of x, (sample, origin of the first patch, row, step_y, step_x).
            pack: whether weights are others than at the last call.
            writes: sizes of `out`, (sample, origin, row, row of `flat`).
        """
        shape, (first, strides) = self.shape, order
        (kh, kw), C, F = shape.kernel, shape.channels, shape.filters
        if pack:
            pack_blocks(weights, self._packed, (F, first), (kh, kw, C), strides, self.tile.block)
        sizes = (n, reads, writes, (kh, kw * C, F, *shape.grid), min(n, PARTS))
        if isinstance(self.tile, WinogradTile):
            tile, u = self.tile, self._transformed
            if pack:
                transform_filters(self._packed, u, self._blocks, C, size(tile.vectors), size(tile.lanes))
            self._kernel(x, u, bias, floor, out.value, out.arg, out.flat, *self._scratch, *sizes)
        elif shape.pooled:
            self._kernel(x, self._packed, bias, floor, out.value, out.arg, out.flat, *sizes)
        else:
            self._kernel(x, self._packed, bias, floor, out.value, out.flat, *sizes)


def forward_tile(shape: Shape) -> ForwardTiles:
    """Choose the kernel and its tile."""
    C, F, width = shape.channels, shape.filters, shape.positions[1]
    if shape.stride == (1, 1):
        if shape.kernel == (3, 3):
            rows, columns = shape.grid
            tiles = rows * columns if shape.pooled else -(-rows // 2) * -(-columns // 2)
            fast = WinogradTile.choose(F, C, tiles) if min(shape.positions) > 1 else None
            if fast:
                return fast
        narrow = ColumnTile.choose(F, width, C) if shape.pooled else None
        if narrow:
            return narrow
    return ForwardTile.choose(F, width, shape.pooled)


def _kernel(tile: ForwardTiles, pooled: bool) -> Any:  # noqa: ANN401
    """Return the kernel of a tile."""
    if isinstance(tile, WinogradTile):
        return convolution_winograd(*astuple(tile), pooled)
    if isinstance(tile, ColumnTile):
        return convolution_columns(*astuple(tile))
    return (convolution_pool if pooled else convolution)(*astuple(tile))
