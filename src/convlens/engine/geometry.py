"""A convolution's sizes, and which kernels run it: everything that is known before memory is made.

Must not know stages.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens.engine.convolver import ForwardTiles, Shape, forward_tile
from convlens.engine.tiles import DenseTile, GradientTile, SparseTile, WindowTile

__all__ = ["Geometry", "Tiles", "pair"]


def pair(value: Any) -> tuple[int, int]:  # noqa: ANN401  # an int, a numpy integer, or two of them
    """Return (vertical, horizontal)."""
    vertical, horizontal = value if np.ndim(value) else (value, value)
    return int(vertical), int(horizontal)


@dataclass(frozen=True)
class Geometry:
    """The sizes of one convolution: input (C, H, W), F filters of kh x kw, stride, pad, pooled or not."""

    C: int
    H: int
    W: int
    F: int
    kernel: tuple[int, int]
    stride: tuple[int, int]
    pad: tuple[int, int]
    pooled: bool

    @classmethod
    def of(cls, layer: Any, shape: tuple[int, ...], pooled: bool) -> "Geometry":  # noqa: ANN401
        """Return the geometry of a layer for inputs of this shape."""
        F, C, kh, kw = layer.W.shape
        return cls(C, shape[1], shape[2], F, (kh, kw), pair(layer.stride), pair(layer.pad), pooled)

    @property
    def positions(self) -> tuple[int, int]:
        """Rows and columns before pooling."""
        return (
            (self.H + 2 * self.pad[0] - self.kernel[0]) // self.stride[0] + 1,
            (self.W + 2 * self.pad[1] - self.kernel[1]) // self.stride[1] + 1,
        )

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the output."""
        oh, ow = self.positions
        return (oh // 2, ow // 2) if self.pooled else (oh, ow)

    @property
    def multiply_adds(self) -> int:
        """Of one sample's forward pass."""
        oh, ow = self.positions
        return oh * ow * self.F * self.C * self.kernel[0] * self.kernel[1]

    @property
    def flipped_pad(self) -> tuple[int, int]:
        """Zeros that dx, a convolution with the filters upside down, pads the output with."""
        return self.kernel[0] - 1 - self.pad[0], self.kernel[1] - 1 - self.pad[1]

    @property
    def shape(self) -> Shape:
        """What decides about the forward kernel."""
        return Shape(self.C, self.F, self.kernel, self.stride, self.positions, self.pooled)

    @property
    def upside_down(self) -> Shape:
        """The same for dx, where the stride is 1."""
        return Shape(self.F, self.C, self.kernel, (1, 1), (self.H, self.W), pooled=False)


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

    forward: ForwardTiles
    filters: DenseTile | GradientTile | SparseTile
    windows: WindowTile | None = None
    upside_down: ForwardTiles | None = None

    @classmethod
    def of(cls, g: Geometry, needs_dx: bool) -> "Tiles":
        """Choose; the backward skips zeros after pooling and with a stride, else it is dense."""
        forward = forward_tile(g.shape)
        flips = g.stride == (1, 1) and min(g.flipped_pad) >= 0
        if not g.pooled and (flips or not needs_dx):
            winograd = g.kernel == (3, 3) and g.stride == (1, 1)
            gradient = GradientTile.choose(g.F, g.C, g.grid) if winograd else None
            dense = gradient or DenseTile.choose(g.F, g.kernel, g.C, pooled=False)
            return cls(forward, dense, upside_down=forward_tile(g.upside_down) if needs_dx else None)
        sparse = SparseTile.choose(g.kernel, g.C, needs_dx)
        if needs_dx:
            windows = WindowTile.choose(g.F, g.kernel, g.stride, g.C) if g.pooled else None
            return cls(forward, sparse, windows)
        if g.pooled:  # a first layer: with many filters lanes run over them (see chosen.py)
            chosen = DenseTile.choose(g.F, g.kernel, g.C, pooled=True)
            sizes = (g.F, g.kernel[0], g.kernel[1] * g.C)
            if 4 * chosen.cost(*sizes) < sparse.cost(*sizes, g.C, needs_dx=False):
                return cls(forward, chosen)
        return cls(forward, sparse)

    def kernels(self, pooled: bool) -> set[tuple[object, bool]]:
        """Return what is compiled for them: tiles, each with or without pooling in its kernel."""
        made = {(self.forward, pooled), (self.filters, pooled and isinstance(self.filters, DenseTile))}
        others = {(tile, False) for tile in (self.windows, self.upside_down) if tile is not None}
        return made | others

    def __str__(self) -> str:
        return f"{self.forward}; {self.filters}"
