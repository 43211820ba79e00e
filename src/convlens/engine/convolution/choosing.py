"""Which kernels run a convolution, with which register tiles. Must not know stages or memory."""

from dataclasses import dataclass

from convlens.engine.convolution.geometry import Geometry
from convlens.engine.tiles import (
    ColumnTile,
    DenseTile,
    ForwardTile,
    GradientTile,
    SparseTile,
    WindowTile,
    WinogradTile,
)

__all__ = ["FiltersTile", "OutputsTile", "Tiles", "outputs_tile"]

OutputsTile = ColumnTile | ForwardTile | WinogradTile
"""Of a convolution itself."""

FiltersTile = DenseTile | GradientTile | SparseTile
"""Of the filters' gradient."""


@dataclass(frozen=True)
class Tiles:
    """The register tiles of one convolution; their types say which kernels run.

    Attributes:
        forward: of the forward pass.
        filters: of the filters' gradient.
        windows: of the input's, window by window.
        upside_down: of the input's, as a convolution. Where both are None it is not wanted, or the filters'
            kernel makes it too.
    """

    forward: OutputsTile
    filters: FiltersTile
    windows: WindowTile | None = None
    upside_down: OutputsTile | None = None

    @classmethod
    def of(cls, g: Geometry, needs_dx: bool) -> "Tiles":
        """Choose; the backward skips zeros after pooling and with a stride, else it is dense."""
        forward = outputs_tile(g)
        if not g.pooled and (g.flips or not needs_dx):
            winograd = g.kernel == (3, 3) and g.stride == (1, 1)
            gradient = GradientTile.choose(g.F, g.C, g.grid) if winograd else None
            dense = gradient or DenseTile.choose(g.F, g.kernel, g.C, pooled=False)
            return cls(forward, dense, upside_down=outputs_tile(g.upside_down) if needs_dx else None)
        sparse = SparseTile.choose(g.kernel, g.C, needs_dx)
        if needs_dx:
            windows = WindowTile.choose(g.F, g.kernel, g.stride, g.C) if g.pooled else None
            return cls(forward, sparse, windows)
        if g.pooled:  # a first layer: with many filters lanes run over them (see kernels, filters_pooled.py)
            dense = DenseTile.choose(g.F, g.kernel, g.C, pooled=True)
            sizes = (g.F, g.kernel[0], g.kernel[1] * g.C)
            # Four, because each window's four members are multiplied, with zeros for three of them.
            if 4 * dense.cost(*sizes) < sparse.cost(*sizes, g.C, needs_dx=False):
                return cls(forward, dense)
        return cls(forward, sparse)

    def kernels(self, pooled: bool) -> set[tuple[object, bool]]:
        """Return what is compiled for them: tiles, each with or without pooling in its kernel."""
        made = {(self.forward, pooled), (self.filters, pooled and isinstance(self.filters, DenseTile))}
        others = {(tile, False) for tile in (self.windows, self.upside_down) if tile is not None}
        return made | others

    def __str__(self) -> str:
        return f"{self.forward}; {self.filters}"


def outputs_tile(g: Geometry) -> OutputsTile:
    """Choose the kernel of a convolution and its tile."""
    width = g.unpooled[1]
    if g.stride == (1, 1):
        if g.kernel == (3, 3) and min(g.unpooled) > 1:
            rows, columns = g.unpooled
            tiles = (rows // 2) * (columns // 2) if g.pooled else -(-rows // 2) * -(-columns // 2)
            fast = WinogradTile.choose(g.F, g.C, tiles)
            if fast:
                return fast
        narrow = ColumnTile.choose(g.F, width, g.C) if g.pooled else None
        if narrow:
            return narrow
    return ForwardTile.choose(g.F, width, g.pooled)
