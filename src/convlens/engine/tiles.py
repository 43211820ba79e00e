"""Which register tile a layer gets, from the fixed menu, so that networks share what is compiled.

Each choice minimises an estimate: vector instructions, divided by how well so many accumulators hide the
latency of a multiply-add (4 cycles, two a cycle: 8 at least).
"""

from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

from convlens.engine.tile_tables import (
    AFFINE_ROWS,
    DENSE,
    DENSE_POOLED,
    DIRECT,
    LIST_PASS_COST,
    OVERHANG,
    PLAIN,
    POOLED,
    SPARSE,
    SPARSE_WIDE,
    WINDOW_CACHE_BYTES,
    WINDOWS,
    WINOGRAD,
    accumulators,
    fills,
    half,
    hiding,
    most_accumulators,
    weight,
)
from convlens.kernels.runtime.machine import lanes, registers

__all__ = [
    "AffineTile",
    "ColumnTile",
    "DenseTile",
    "ForwardTile",
    "GradientTile",
    "SparseTile",
    "WindowTile",
    "WinogradTile",
    "every_tile",
]


MOST_OF_DENSE = 0.7
"""Of a dense gradient's products: so many may be left for Winograd's to be faster, as transforms cost."""


@dataclass(frozen=True, order=True)
class ForwardTile:
    """Positions x vectors of filters; with pooling two rows of positions."""

    positions: int
    vectors: int
    lanes: int

    @classmethod
    def choose(cls, F: int, width: int, pooled: bool) -> "ForwardTile":
        """Return the tile for F filters and `width` outputs a row (before pooling)."""
        rows = 2 if pooled else 1
        fitting = [tile for tile in cls.every(pooled) if tile.positions // rows <= width // rows]
        return min(fitting, key=lambda tile: tile.cost(F, width // rows, rows))

    @classmethod
    @cache
    def every(cls, pooled: bool) -> list["ForwardTile"]:
        """Return all tiles, with or without pooling."""
        rows, table = (2, POOLED) if pooled else (1, PLAIN)
        return [cls(step, V, lanes()) for step, V in table if rows * step * V <= most_accumulators(V)]

    def cost(self, F: int, outputs: int, rows: int) -> float:
        """Estimate the time of a row of outputs."""
        step, V = self.positions // rows, self.vectors
        instructions = ceil(outputs / step) * step * V * ceil(F / (V * self.lanes))
        # A wide tile loads less: V vectors and one scalar a position for all its multiply-adds.
        loads = 1 + 0.1 * (1 / V + 1 / self.positions)
        return instructions * loads / hiding(rows * self.positions * V)

    @property
    def block(self) -> int:
        """Filters that are packed side by side."""
        return self.vectors * self.lanes

    def __str__(self) -> str:
        return f"{self.positions} positions x {self.vectors} vectors of {self.lanes} filters"


@dataclass(frozen=True, order=True)
class ColumnTile:
    """Filters x two rows of as many positions as a vector has lanes."""

    filters: int
    lanes: int

    @classmethod
    def choose(cls, F: int, width: int, channels: int) -> "ColumnTile | None":
        """Return the tile for F filters and `width` outputs a row (before pooling); None: not worth it.

        That is where the filters would fill more than half of the lanes, or there is more than one channel.
        """
        if channels != 1 or lanes() < 2 * F or width < lanes():
            return None
        return cls(F + F % 2, lanes())

    @classmethod
    def every(cls) -> list["ColumnTile"]:
        """Return all tiles."""
        return [cls(F, lanes()) for F in range(2, lanes() // 2 + 1, 2)]

    @property
    def block(self) -> int:
        """Filters that are packed side by side."""
        return self.filters

    def __str__(self) -> str:
        return f"{self.filters} filters x 2 rows of {self.lanes} positions"


@dataclass(frozen=True, order=True)
class WinogradTile:
    """Tiles of 2x2 outputs side by side x vectors of filters."""

    tiles: int
    vectors: int
    lanes: int

    @classmethod
    def choose(cls, F: int, channels: int, tiles: int) -> "WinogradTile | None":
        """Return the tile for F filters of 3x3 and so many tiles in a sample; None: not worth it.

        That is where there are few channels or filters beside the transforms, or they fill no whole vectors.
        """
        if not fills(F, channels):
            return None
        fitting = [tile for tile in cls.every() if F % tile.block == 0 and tile.tiles <= tiles]
        return min(fitting, key=lambda tile: tile.cost(F, tiles), default=None)

    @classmethod
    def every(cls) -> list["WinogradTile"]:
        """Return all tiles."""
        return [cls(T, V, lanes()) for T, V in WINOGRAD if accumulators() >= T * V]

    def cost(self, F: int, tiles: int) -> float:
        """Estimate the time of all products of one channel."""
        T, V = self.tiles, self.vectors
        return ceil(tiles / T) * F / self.block * max(T * V, T + V) / hiding(T * V)

    @property
    def block(self) -> int:
        """Filters that are packed side by side."""
        return self.vectors * self.lanes

    def __str__(self) -> str:
        return f"Winograd 2x2, {self.tiles} tiles x {self.vectors} vectors of {self.lanes} filters"


@dataclass(frozen=True, order=True)
class GradientTile:
    """Channels x vectors of filters, for the gradient of filters by Winograd's transforms."""

    channels: int
    vectors: int
    lanes: int

    @classmethod
    def choose(cls, F: int, channels: int, grid: tuple[int, int]) -> "GradientTile | None":
        """Return the tile, or None where `WinogradTile` is not worth it either, or odd sides waste too much.

        Of an odd side the last tiles lie half outside; 16 products a tile are to be fewer than 9 an output.
        """
        products, outputs = 16 * ceil(grid[0] / 2) * ceil(grid[1] / 2), grid[0] * grid[1]
        if not fills(F, channels) or products > MOST_OF_DENSE * 9 * outputs:
            return None
        V = 2 if F % (2 * lanes()) == 0 else 1
        return cls(most_accumulators(2) // V, V, lanes())

    @classmethod
    def every(cls) -> list["GradientTile"]:
        """Return all tiles."""
        return [cls(most_accumulators(2) // V, V, lanes()) for V in (1, 2)]

    def __str__(self) -> str:
        return f"Winograd 2x2, {self.channels} channels x {self.vectors} vectors of {self.lanes} filters"


@dataclass(frozen=True, order=True)
class SparseTile:
    """Patch rows, a divisor of the kernel's height, x vectors of a patch row."""

    rows: int
    vectors: int
    lanes: int
    direct: bool

    @classmethod
    def choose(cls, kernel: tuple[int, int], channels: int, needs_dx: bool) -> "SparseTile":
        """Return the tile for patches of kernel[0] rows of kernel[1] * channels numbers."""
        KH, KC = kernel[0], kernel[1] * channels
        # `direct` tiles hold a whole patch; the others divide its rows, so that none is added twice.
        whole = [t for t in cls.every() if t.direct and t.rows == KH and t.vectors * t.lanes >= KC]
        fitting = [t for t in cls.every() if not t.direct and KH % t.rows == 0 and t.overhang(KC) <= OVERHANG]
        tiles = whole if whole and not needs_dx else fitting
        return min(tiles, key=lambda tile: tile.cost(1, KH, KC, channels, needs_dx))

    @classmethod
    @cache
    def every(cls) -> list["SparseTile"]:
        """Return all tiles."""
        narrow, wide = half(), lanes()
        listed = [(U, V, narrow) for U, V in SPARSE] + [(U, V, wide) for U, V in SPARSE_WIDE if wide > narrow]
        direct = [cls(U, V, narrow, True) for U, V in DIRECT if registers() > 3 * U * V]
        return [cls(U, V, L, False) for U, V, L in listed if accumulators() >= U * V] + direct

    def overhang(self, KC: int) -> int:
        """Return how many numbers past a patch row the tiles of it cover."""
        return -KC % (self.vectors * self.lanes)

    def cost(self, F: int, KH: int, KC: int, channels: int, needs_dx: bool) -> float:
        """Estimate the time of one pooling window, in instructions of `DenseTile.cost`."""
        tiles, accumulators = ceil(KC / (self.vectors * self.lanes)), self.rows * self.vectors
        sums = KH * tiles * self.vectors * weight(self.lanes, channels)
        if self.direct:
            return 2 * F * sums
        passes = tiles * KH * (1 / self.rows + needs_dx)  # dx takes a row at a time
        return 2 * F * (sums / min(1.0, accumulators / 6) + LIST_PASS_COST * passes)

    def __str__(self) -> str:
        how = "all outputs" if self.direct else "live outputs"
        return f"{self.rows} patch rows x {self.vectors} vectors of {self.lanes}, {how}"


@dataclass(frozen=True, order=True)
class WindowTile:
    """Rows of the union patch of a pooling window, a divisor of its height, x vectors of a row."""

    rows: int
    vectors: int
    lanes: int

    @classmethod
    def choose(
        cls, F: int, kernel: tuple[int, int], stride: tuple[int, int], channels: int
    ) -> "WindowTile | None":
        """Return the tile, or None where the filters are too many to stay in the cache.

        Also None where patches fill whole vectors: adding to them in memory was faster then.
        """
        if channels % half() == 0:
            return None
        rows, numbers = kernel[0] + stride[0], (kernel[1] + stride[1]) * channels
        fitting = [
            tile
            for tile in cls.every()
            if rows % tile.rows == 0 and 0 <= tile.vectors * tile.lanes - numbers <= OVERHANG
        ]
        tile = min(fitting, key=lambda tile: tile.cost(rows), default=None)
        if tile is None or 8 * F * (rows + stride[0]) * tile.vectors * tile.lanes > WINDOW_CACHE_BYTES:
            return None
        return tile

    @classmethod
    @cache
    def every(cls) -> list["WindowTile"]:
        """Return all tiles."""
        return [cls(U, V, lanes()) for U, V in WINDOWS if accumulators() >= U * V]

    def cost(self, rows: int) -> float:
        """Estimate the time of one live filter."""
        return rows * self.vectors / hiding(self.rows * self.vectors) + LIST_PASS_COST * rows / self.rows

    def __str__(self) -> str:
        return f"windows of {self.rows} rows x {self.vectors} vectors of {self.lanes}"


@dataclass(frozen=True, order=True)
class DenseTile:
    """Patch rows x numbers of each x vectors of filters."""

    rows: int
    numbers: int
    vectors: int
    lanes: int

    @classmethod
    def choose(cls, F: int, kernel: tuple[int, int], channels: int, pooled: bool) -> "DenseTile":
        """Return the tile for the gradient of F filters."""
        KH, KC = kernel[0], kernel[1] * channels
        fitting = [tile for tile in cls.every(pooled) if tile.rows <= KH and tile.numbers <= KC]
        return min(fitting, key=lambda tile: tile.cost(F, KH, KC))

    @classmethod
    @cache
    def every(cls, pooled: bool) -> list["DenseTile"]:
        """Return all tiles, behind pooling or not."""
        table = DENSE_POOLED if pooled else DENSE
        return [cls(RU, RS, V, lanes()) for RU, RS, V in table if accumulators() >= RU * RS * V]

    def cost(self, F: int, KH: int, KC: int) -> float:
        """Estimate the time of one position."""
        taps, V = self.rows * self.numbers, self.vectors
        count = ceil(F / (V * self.lanes)) * ceil(KH / self.rows) * ceil(KC / self.numbers)
        return count * max(taps * V, taps + V) / hiding(taps * V)

    def __str__(self) -> str:
        return f"{self.rows}x{self.numbers} numbers x {self.vectors} vectors of {self.lanes} filters"


@dataclass(frozen=True, order=True)
class AffineTile:
    """Rows x vectors of a panel; the last panel has as many vectors as it needs."""

    rows: int
    vectors: int
    lanes: int

    @classmethod
    def choose(cls) -> "AffineTile":
        """Return the one tile for all affine layers."""
        return cls(AFFINE_ROWS, 4 if registers() == 32 else 2, lanes())

    @classmethod
    def panel(cls) -> int:
        """Return the width of a whole panel."""
        return lanes() * (4 if registers() == 32 else 2)

    def __str__(self) -> str:
        return f"{self.rows} rows x {self.vectors} vectors of {self.lanes}"


def every_tile() -> dict[str, list[str]]:
    """Return every tile that there is on this machine, by kernel."""
    tiles: dict[str, list[Any]] = {
        "convolution": ForwardTile.every(pooled=False),
        "convolution + pooling": ForwardTile.every(pooled=True),
        "convolution + pooling, few filters": ColumnTile.every(),
        "convolution, Winograd": WinogradTile.every(),
        "dense backward": DenseTile.every(pooled=False),
        "dense backward behind pooling": DenseTile.every(pooled=True),
        "dense backward, Winograd": GradientTile.every(),
        "sparse backward": SparseTile.every(),
        "windows": WindowTile.every(),
        "affine": [AffineTile.choose()],
    }
    return {kernel: [str(tile) for tile in sorted(sizes)] for kernel, sizes in tiles.items()}
