"""Which register tile a layer gets, from a fixed menu, so that networks share what is compiled.

Holds sizes only. Each choice minimises an estimate: vector instructions, divided by how well so many
accumulators hide the latency of a multiply-add (4 cycles, two a cycle: 8 at least). The tables were chosen so
that, over random networks, a layer's estimate is on average within a tenth of that of the best tile there
could be; `convlens warmup` compiles all of them.
"""

from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Any

from convlens.kernels.runtime import lanes, registers

__all__ = [
    "ROWS",
    "AffineTile",
    "ColumnTile",
    "DenseTile",
    "ForwardTile",
    "GradientTile",
    "SparseTile",
    "WindowTile",
    "WinogradTile",
    "menu",
]

PLAIN = ((1, 1), (3, 1), (5, 1), (7, 1), (8, 1), (12, 1), (2, 2), (3, 2), (4, 2), (6, 2), (7, 2), (8, 2))
"""`ForwardTile` without pooling: positions, vectors."""

POOLED = ((2, 1), (4, 1), (6, 1), (8, 1), (10, 1), (2, 2), (4, 2))
"""`ForwardTile` with pooling: positions in each of two rows, vectors."""

WINOGRAD = ((1, 1), (4, 1), (12, 1), (4, 2), (8, 2), (12, 2))
"""`WinogradTile`: tiles, vectors."""

DENSE = ((1, 1, 1), (1, 1, 4), (1, 2, 2), (1, 4, 4), (1, 6, 2), (1, 8, 2), (1, 12, 1), (1, 16, 1), (3, 3, 1),
         (3, 3, 2), (3, 4, 1), (3, 5, 1), (5, 5, 1))  # fmt: skip
"""`DenseTile`: patch rows, numbers of each, vectors."""

CHOSEN = ((1, 1, 1), (1, 1, 2), (1, 2, 2), (1, 3, 2), (1, 4, 4), (3, 3, 1), (3, 3, 2), (3, 4, 1), (5, 5, 1))
"""The same behind pooling, for a first layer's filters."""

SPARSE = (
    (1, 1),
    (1, 6),
    (1, 9),
    (1, 12),
    (2, 2),
    (2, 4),
    (3, 2),
    (3, 3),
    (3, 5),
    (5, 2),
    (5, 4),
    (5, 5),
    (7, 3),
)
"""`SparseTile` of half the widest vector: patch rows, vectors."""

SPARSE_WIDE = ((1, 6), (1, 12), (2, 4), (3, 3), (3, 6), (5, 5))
"""`SparseTile` of the widest vector."""

DIRECT = ((1, 1), (3, 1), (3, 2), (5, 1), (5, 2), (7, 1))
"""`SparseTile` that holds a whole patch of few numbers, of half the widest vector."""

WINDOWS = ((1, 8), (1, 12), (1, 16), (2, 4), (2, 5), (3, 1), (3, 2), (3, 3), (3, 4), (4, 1), (4, 2), (4, 3),
           (5, 2), (5, 4), (6, 2), (7, 3))  # fmt: skip
"""`WindowTile`: rows, vectors."""

CACHED = 65536
"""Bytes of packed filters up to which they stay close enough for `WindowTile`."""

FEW = 16
"""Channels and filters below which Winograd's transforms cost more than they save."""

ROWS = 6
"""Rows of an affine tile."""

PASS = 2.0
"""What reading a list of live entries once more costs an entry, in instructions."""

OVERHANG = 112
"""Numbers past a patch row that a tile may cover: less than the slack behind a sample."""


def _half() -> int:
    """Return the next narrower vector, where there is one."""
    return max(4, lanes() // 2)


def _accumulators() -> int:
    """Return how many accumulators fit beside the operands."""
    return 25 if registers() == 32 else 12


def _hiding(accumulators: int) -> float:
    """Return which share of the peak so many accumulators can reach."""
    return min(1.0, accumulators / 8) if registers() == 16 else min(1.0, 0.4 + accumulators / 24)


def _positions(vectors: int) -> int:
    """Return how many accumulators a forward tile may have; more were slower when measured."""
    if registers() == 16:
        return 8
    return 20 if vectors == 1 else 16


def _weight(lanes_: int, channels: int) -> float:
    """Return what one load, multiply-add and store of a patch costs, measured relative to 8 lanes.

    A vector of 16 that lies across two cache lines costs three times one of 8.
    """
    across = channels % lanes_ != 0
    return {4: 0.9, 8: 1.0, 16: 2.8 if across else 1.9}[lanes_]


def _fills(F: int, channels: int) -> bool:
    """Say whether channels and filters fill whole vectors and are worth Winograd's transforms."""
    return min(F, channels) >= FEW and F % lanes() == 0 and channels % lanes() == 0


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
        return [cls(step, V, lanes()) for step, V in table if rows * step * V <= _positions(V)]

    def cost(self, F: int, outputs: int, rows: int) -> float:
        """Estimate the time of a row of outputs."""
        step, V = self.positions // rows, self.vectors
        instructions = ceil(outputs / step) * step * V * ceil(F / (V * self.lanes))
        # A wide tile loads less: V vectors and one scalar a position for all its multiply-adds.
        loads = 1 + 0.1 * (1 / V + 1 / self.positions)
        return instructions * loads / _hiding(rows * self.positions * V)

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
        if not _fills(F, channels):
            return None
        fitting = [tile for tile in cls.every() if F % tile.block == 0 and tile.tiles <= tiles]
        return min(fitting, key=lambda tile: tile.cost(F, tiles), default=None)

    @classmethod
    def every(cls) -> list["WinogradTile"]:
        """Return all tiles."""
        return [cls(T, V, lanes()) for T, V in WINOGRAD if _accumulators() >= T * V]

    def cost(self, F: int, tiles: int) -> float:
        """Estimate the time of all products of one channel."""
        T, V = self.tiles, self.vectors
        return ceil(tiles / T) * F / self.block * max(T * V, T + V) / _hiding(T * V)

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
        """Return the tile, or None for odd grids and where `WinogradTile` is not worth it either."""
        if not _fills(F, channels) or grid[0] % 2 or grid[1] % 2:
            return None
        V = 2 if F % (2 * lanes()) == 0 else 1
        return cls(_positions(2) // V, V, lanes())

    @classmethod
    def every(cls) -> list["GradientTile"]:
        """Return all tiles."""
        return [cls(_positions(2) // V, V, lanes()) for V in (1, 2)]

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
        whole = [t for t in cls.every() if t.direct and t.rows == KH and t.vectors * t.lanes >= KC]
        fitting = [t for t in cls.every() if not t.direct and KH % t.rows == 0 and t.overhang(KC) <= OVERHANG]
        tiles = whole if whole and not needs_dx else fitting
        return min(tiles, key=lambda tile: tile.cost(1, KH, KC, channels, needs_dx))

    @classmethod
    @cache
    def every(cls) -> list["SparseTile"]:
        """Return all tiles."""
        narrow, wide = _half(), lanes()
        listed = [(U, V, narrow) for U, V in SPARSE] + [(U, V, wide) for U, V in SPARSE_WIDE if wide > narrow]
        direct = [cls(U, V, narrow, True) for U, V in DIRECT if registers() > 3 * U * V]
        return [cls(U, V, L, False) for U, V, L in listed if _accumulators() >= U * V] + direct

    def overhang(self, KC: int) -> int:
        """Return how many numbers past a patch row the tiles of it cover."""
        return -KC % (self.vectors * self.lanes)

    def cost(self, F: int, KH: int, KC: int, channels: int, needs_dx: bool) -> float:
        """Estimate the time of one pooling window, in instructions of `DenseTile.cost`."""
        tiles, accumulators = ceil(KC / (self.vectors * self.lanes)), self.rows * self.vectors
        sums = KH * tiles * self.vectors * _weight(self.lanes, channels)
        if self.direct:
            return 2 * F * sums
        passes = tiles * KH * (1 / self.rows + needs_dx)  # dx takes a row at a time
        return 2 * F * (sums / min(1.0, accumulators / 6) + PASS * passes)

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
        if channels % _half() == 0:
            return None
        rows, numbers = kernel[0] + stride[0], (kernel[1] + stride[1]) * channels
        fitting = [
            tile
            for tile in cls.every()
            if rows % tile.rows == 0 and 0 <= tile.vectors * tile.lanes - numbers <= OVERHANG
        ]
        tile = min(fitting, key=lambda tile: tile.cost(rows), default=None)
        if tile is None or 8 * F * (rows + stride[0]) * tile.vectors * tile.lanes > CACHED:
            return None
        return tile

    @classmethod
    @cache
    def every(cls) -> list["WindowTile"]:
        """Return all tiles."""
        return [cls(U, V, lanes()) for U, V in WINDOWS if _accumulators() >= U * V]

    def cost(self, rows: int) -> float:
        """Estimate the time of one live filter."""
        return rows * self.vectors / _hiding(self.rows * self.vectors) + PASS * rows / self.rows

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
        table = CHOSEN if pooled else DENSE
        return [cls(RU, RS, V, lanes()) for RU, RS, V in table if _accumulators() >= RU * RS * V]

    def cost(self, F: int, KH: int, KC: int) -> float:
        """Estimate the time of one position."""
        taps, V = self.rows * self.numbers, self.vectors
        count = ceil(F / (V * self.lanes)) * ceil(KH / self.rows) * ceil(KC / self.numbers)
        return count * max(taps * V, taps + V) / _hiding(taps * V)

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
        return cls(ROWS, 4 if registers() == 32 else 2, lanes())

    @classmethod
    def panel(cls) -> int:
        """Return the width of a whole panel."""
        return lanes() * (4 if registers() == 32 else 2)

    def __str__(self) -> str:
        return f"{self.rows} rows x {self.vectors} vectors of {self.lanes}"


def menu() -> dict[str, list[str]]:
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
