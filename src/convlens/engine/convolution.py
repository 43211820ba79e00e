"""Convolution, with the ReLU and the 2x2 max-pooling behind it, on the kernels. Must not know the plan."""

from dataclasses import astuple
from typing import Any

import numpy as np

from convlens.engine.convolver import Convolver, Outputs
from convlens.engine.geometry import Geometry, Tiles
from convlens.engine.memory import EMPTY, Frame, Matrix, aligned, aligned_rows
from convlens.engine.parameters import Bound
from convlens.engine.stage import IDENTITY, RELU, Row, Stage
from convlens.engine.tiles import AffineTile, DenseTile, GradientTile, SparseTile, WindowTile
from convlens.kernels.chosen import convolution_chosen
from convlens.kernels.dense import convolution_dense
from convlens.kernels.masking import mark_off
from convlens.kernels.packing import pack_rows, sum_parts, unpack_dense, unpack_rows
from convlens.kernels.parts import PARTS
from convlens.kernels.sparse import convolution_sparse
from convlens.kernels.windows import convolution_windows, pack_windows
from convlens.kernels.winograd_gradient import STRIP, convolution_winograd_gradient, unpack_transposed

__all__ = ["ConvolutionStage"]


class ConvolutionStage(Stage):
    """Convolution + bias (+ ReLU) (+ max-pooling 2x2).

    The backward skips zeros after pooling and with a stride; else it is dense, and dx is a convolution with
    the filters upside down, which reads a border of zeros around the output's derivatives.
    """

    source: Frame

    def __init__(
        self, layers: tuple[int, ...], source: Frame, bound: Bound, geometry: Geometry, relu: bool
    ) -> None:
        self.frame = Frame((geometry.F, *geometry.grid))
        super().__init__(layers, source, self.frame)
        self.bound, self.geometry = bound, geometry
        self.gradients = bound.gradients
        self.floor = RELU if relu else IDENTITY
        self.kept = True
        source.require(*geometry.pad)

    def flatten(self) -> Matrix:
        """Also write each sample in the book's order, for the affine layer behind; return where to."""
        self.target = Matrix(self.frame.shape, AffineTile.panel(), overwritten=True)
        return self.target

    def allocate(self, capacity: int) -> None:
        g = self.geometry
        self._place()
        self.convolver = Convolver(g.shape, self.tiles.forward)
        if g.pooled:
            self.arg = aligned(capacity * self.frame.size, np.uint8)
        if self.target is not self.frame:
            self._allocate_frame(capacity)
        if isinstance(self.tiles.filters, SparseTile):
            self._allocate_sparse(self.tiles.filters, capacity)
        else:
            self._allocate_dense(self.tiles.filters)

    def _allocate_frame(self, capacity: int) -> None:
        """Make the frame between the kernels and the rows that others read.

        With pooling `arg` holds all that the backward needs of the outputs, and only `convolution_windows`
        reads derivatives a second time: else one sample of each part is enough, and stays in the cache.
        """
        self.frame.allocate(PARTS if self.geometry.pooled else capacity, needs_grad=False)
        self.kept = not self.geometry.pooled or self.tiles.windows is not None
        self.frame.grad = aligned((capacity if self.kept else PARTS) * self.frame.size)

    def choose(self) -> None:
        """Choose the tiles, and ask for the border that a dense backward reads; after `needs_dx` is known."""
        self.tiles = Tiles.of(self.geometry, self.needs_dx)
        if self.tiles.upside_down is not None:
            self.frame.require(*self.geometry.flipped_pad)

    def _place(self) -> None:
        """Fix the tuples of sizes that kernels take."""
        g, x, y = self.geometry, self.source, self.frame
        step = (g.stride[0] * x.row, g.stride[1] * g.C)
        self.reads = (x.size, x.patch_origin(*g.pad), x.row, *step)
        self.writes = (y.size, y.origin, y.row, self.target.size)
        self.shape = (g.kernel[0], g.kernel[1] * g.C, g.F, *g.grid)
        self.taps = (*g.kernel, g.C)

    def _allocate_dense(self, tile: DenseTile | GradientTile) -> None:
        g = self.geometry
        self.sums = np.zeros((PARTS, -(-g.F // 16) * 16), np.float32)
        self.masked: tuple[int, ...] = self.writes
        if isinstance(tile, GradientTile):
            self._backward = convolution_winograd_gradient(*astuple(tile))
            self.part = aligned_rows(PARTS, 9 * g.C * g.F)
            sizes = (16 * g.C * g.F, 16 * STRIP * g.C, 16 * STRIP * g.F)
            products, patches, spread = (aligned_rows(PARTS, size) for size in sizes)
            self.room: tuple[Any, ...] = (products, self.part, self.sums, patches, spread)
        else:
            self._backward = (convolution_chosen if g.pooled else convolution_dense)(*astuple(tile))
            block, KH, KC = tile.vectors * tile.lanes, self.shape[0], self.shape[1]
            count = -(-g.F // block) * -(-KH // tile.rows) * -(-KC // tile.numbers)
            self.part = aligned_rows(PARTS, count * tile.rows * tile.numbers * block)
            self.room = (self.part, self.sums)
        if g.pooled:
            self.mask = self.arg
        else:
            self._allocate_mask()
        if self.tiles.upside_down is not None:
            self.upside_down = Convolver(g.upside_down, self.tiles.upside_down)
            self.no_bias = aligned(g.C)

    def _allocate_mask(self) -> None:
        """Fix where the outputs' derivatives live: where ReLU is on, and nowhere in the border."""
        y = self.frame
        if self.floor == RELU:
            self.mask, size = y.value, y.size
        else:  # one sample's worth: ones inside, zeros in the border
            self.mask, size = aligned(y.size), 0
            inside = Frame(y.shape)
            inside.border, inside.value = y.border, self.mask
            inside.view(1)[...] = 1
        self.masked = (*self.writes, size)

    def _allocate_sparse(self, tile: SparseTile, capacity: int) -> None:
        g, y = self.geometry, self.frame
        width = tile.vectors * tile.lanes
        tiles = -(-g.kernel[1] * g.C // width)
        self.rows = aligned(g.F * g.kernel[0] * tiles * width)
        self.part = aligned_rows(PARTS, (g.F + 2) * g.kernel[0] * tiles * width)
        self.sums = np.zeros((PARTS, -(-g.F // 16) * 16), np.float32)
        entries = g.grid[0] * g.grid[1] + 1
        self.offset, self.live = np.zeros((PARTS, entries), np.int64), np.zeros((PARTS, entries), np.float32)
        if not g.pooled:  # a stride: nothing was chosen in a window
            self.arg = aligned(capacity * y.size, np.uint8)
        self.patch_tiles = (tiles, width)
        _, _, _, down, right = self.reads
        self.delta = np.array([0, right, down, down + right, 0])
        if self.tiles.windows is not None:
            self._allocate_windows(self.tiles.windows)
        self.scatters = self.needs_dx and self.tiles.windows is None
        self._backward = convolution_sparse(*astuple(tile))

    def _allocate_windows(self, tile: WindowTile) -> None:
        g = self.geometry
        self._windows = convolution_windows(*astuple(tile))
        self.union_width = tile.vectors * tile.lanes
        self.copies = aligned(2 * g.F * (g.kernel[0] + 2 * g.stride[0]) * self.union_width)
        self.where = np.zeros((PARTS, g.F + 1), np.int64)
        self.chosen = np.zeros((PARTS, g.F + 1), np.float32)

    def forward(self, n: int, train: bool, first: bool = True) -> None:
        del train
        g, (kh, kw), bound = self.geometry, self.geometry.kernel, self.bound
        order = (0, (g.C * kh * kw, kw, 1, kh * kw))
        flat = self.target.value if self.target is not self.frame else EMPTY
        out = Outputs(self.frame.value, self.arg if g.pooled else EMPTY, flat)
        weights, x = bound.refresh() if first else bound.w, self.source.value
        self.convolver.run(weights, order, x, bound.bias, self.floor, out, n, self.reads, self.writes, first)

    def backward(self, n: int, first: bool = True, last: bool = True) -> None:
        if isinstance(self.tiles.filters, SparseTile):
            self._backward_sparse(n, first, last)
        else:
            self._backward_dense(n, self.tiles.filters, first, last)
        if last and self.bound.has_bias:
            np.copyto(self.bound.db, self.sums[0, : self.geometry.F])

    def _backward_dense(self, n: int, tile: DenseTile | GradientTile, first: bool, last: bool) -> None:
        x, y = self.source, self.frame
        piece = (first, last) if isinstance(tile, GradientTile) else first
        sizes = (n, piece, self.reads, self.masked, self.shape, PARTS)
        self._backward(x.value, y.grad, self._flat_grad(), self.mask, *self.room, *sizes)
        if last:
            self._sum_dense(tile)
        if self.tiles.upside_down is not None:
            self._backward_input(n, first)

    def _sum_dense(self, tile: DenseTile | GradientTile) -> None:
        """Add up what the parts have found, and bring it into the order of W."""
        g = self.geometry
        sum_parts(self.part)
        sum_parts(self.sums)
        dw = self.bound.dw.reshape(-1)
        if isinstance(tile, GradientTile):
            unpack_transposed(self.part[0], dw, 9 * g.C, g.F)
        else:
            tiles = (tile.rows, tile.numbers, tile.vectors * tile.lanes)
            unpack_dense(self.part[0], dw, g.F, self.taps, tiles)

    def _backward_input(self, n: int, first: bool) -> None:
        """dx: the convolution of the output's derivatives, masked by now, with the filters upside down."""
        g, x, y, (kh, kw) = self.geometry, self.source, self.frame, self.geometry.kernel
        order = (kh * kw - 1, (kh * kw, -kw, -1, g.C * kh * kw))  # filter c reads w[f, c, kh-1-u, kw-1-v]
        reads = (y.size, y.patch_origin(*g.flipped_pad), y.row, y.row, g.F)
        into, out = (x.size, x.origin, x.row, 0), Outputs(x.grad)
        self.upside_down.run(self.bound.w, order, y.grad, self.no_bias, IDENTITY, out, n, reads, into, first)

    def _flat_grad(self) -> Any:  # noqa: ANN401
        """The output's derivatives in the book's order, if that is where they are."""
        return self.target.grad if self.target is not self.frame else EMPTY

    def _backward_sparse(self, n: int, first: bool, last: bool) -> None:
        g, x, y = self.geometry, self.source, self.frame
        tiles, width = self.patch_tiles
        if self.scatters and first:
            pack_rows(self.bound.w, self.rows, g.F, self.taps, tiles * width)
        shape = (g.kernel[0], tiles, g.F, *g.grid)
        dx = x.grad if self.scatters else EMPTY
        writes = (*self.writes, 2 if g.pooled else 1, int(self.kept))
        if self.floor == RELU and not g.pooled:
            mark_off(y.value[: n * y.size], self.arg, PARTS)
        self._backward(
            x.value, y.grad, self._flat_grad(), self.arg, self.delta, self.rows, dx,
            self.part, self.sums, self.offset, self.live, n, first, self.reads, writes, shape, PARTS,
        )  # fmt: skip
        if last:
            sum_parts(self.part)
            sum_parts(self.sums)
            unpack_rows(self.part[0], self.bound.dw.reshape(-1), g.F, self.taps, self.patch_tiles)
        if self.tiles.windows is not None:
            self._backward_windows(n, first)

    def _backward_windows(self, n: int, first: bool) -> None:
        g, x, y = self.geometry, self.source, self.frame
        if first:
            pack_windows(self.bound.w, self.copies, g.F, self.taps, g.stride, self.union_width)
        sizes = (n, self.reads, self.writes[:3], (g.kernel[0], g.stride[0], g.F, *g.grid), PARTS)
        self._windows(y.grad, self.arg, self.copies, x.grad, self.where, self.chosen, *sizes)

    def describe(self) -> Row:
        names = ["convolution"]
        if self.floor == RELU:
            names.append("ReLU")
        if self.geometry.pooled:
            names.append("max-pooling 2x2")
        backward = "sparse" if isinstance(self.tiles.filters, SparseTile) else "dense"
        kernel = f"{' + '.join(names)}; {backward} backward"
        return Row(self.layers, kernel, self.geometry.multiply_adds, str(self.tiles))
