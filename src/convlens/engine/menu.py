"""Which register tile a layer gets, from a fixed menu, so that networks share what is compiled.

Holds sizes only. Each choice minimises an estimate: vector instructions, divided by how well so many
accumulators hide the latency of a multiply-add (4 cycles, two a cycle: 8 at least).
"""

from dataclasses import dataclass
from math import ceil

from convlens.kernels.runtime import lanes, registers

__all__ = [
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

CACHED = 65536
"""Bytes of packed filters up to which they stay close enough for `WindowTile`."""

FEW = 16
"""Channels and filters below which Winograd's transforms cost more than they save."""

ROWS = 6
"""Rows of an affine tile."""


def _widths() -> list[int]:
    """Return the vector widths to choose from: the widest and the next, narrower first."""
    return [w for w in (4, 8, 16) if lanes() // 2 <= w <= lanes()]


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


def _divisor(n: int, most: int) -> int:
    """Return the largest divisor of n that is at most `most`, or 1."""
    return max(d for d in range(1, n + 1) if n % d == 0 and d <= max(1, most))


def _weight(lanes_: int, channels: int) -> float:
    """Return what one load, multiply-add and store of a patch costs, measured relative to 8 lanes.

    A vector of 16 that lies across two cache lines costs three times one of 8.
    """
    across = channels % lanes_ != 0
    return {4: 0.9, 8: 1.0, 16: 2.8 if across else 1.9}[lanes_]


def _square(kernel: tuple[int, int], channels: int) -> int:
    """Return the side of a kernel that is compiled as a constant, 0 for one that is not."""
    return kernel[0] if kernel in {(3, 3), (5, 5)} and channels == 1 else 0


def _fills(F: int, channels: int) -> bool:
    """Say whether channels and filters fill whole vectors and are worth Winograd's transforms."""
    return min(F, channels) >= FEW and F % lanes() == 0 and channels % lanes() == 0


def _constant(tile: "ForwardTile | ColumnTile") -> str:
    """Return the words for constant taps."""
    return f", {tile.taps}x{tile.taps} constant" if tile.taps else ""


VECTORS = (1, 2, 3, 4, 6, 9, 12, 18, 25)
"""How many vectors of a patch row a sparse tile may have: few, so that most are compiled already."""

STEPS = (1, 2, 3, 4, 5, 6, 7, 8, 12)
"""Outputs that a forward tile computes side by side."""


@dataclass(frozen=True, order=True)
class ForwardTile:
    """Positions x vectors of filters; with pooling two rows of positions."""

    positions: int
    vectors: int
    lanes: int
    taps: int = 0

    @classmethod
    def choose(
        cls, F: int, width: int, pooled: bool, kernel: tuple[int, int], channels: int
    ) -> "ForwardTile":
        """Return the tile for F filters and `width` outputs a row (before pooling)."""
        rows = 2 if pooled else 1
        tiles = [
            tile
            for tile in cls.every(rows, _square(kernel, channels))
            if tile.positions // rows <= width // rows
        ]
        return min(tiles, key=lambda tile: (tile.cost(F, width // rows, rows), tile.lanes, tile))

    @classmethod
    def every(cls, rows: int, taps: int) -> list["ForwardTile"]:
        """Return all tiles for so many rows of positions (2 with pooling) and constant taps (0: none)."""
        return [
            cls(rows * step, V, L, taps)
            for L in _widths()
            for V in (1, 2)
            for step in STEPS
            if rows * rows * step * V <= _positions(V)
        ]

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
        return f"{self.positions} positions x {self.vectors} vectors of {self.lanes} filters{_constant(self)}"


@dataclass(frozen=True, order=True)
class ColumnTile:
    """Filters x two rows of as many positions as a vector has lanes."""

    filters: int
    lanes: int
    taps: int

    @classmethod
    def choose(cls, F: int, width: int, kernel: tuple[int, int], channels: int) -> "ColumnTile | None":
        """Return the tile for F filters and `width` outputs a row (before pooling); None: not worth it.

        That is where the filters would fill more than half of the lanes, or there is more than one channel.
        """
        if channels != 1 or lanes() < 2 * F or width < lanes():
            return None
        return cls(F + F % 2, lanes(), _square(kernel, channels))

    @classmethod
    def every(cls) -> list["ColumnTile"]:
        """Return all tiles."""
        return [cls(F, lanes(), taps) for F in range(2, lanes() // 2 + 1, 2) for taps in (0, 3, 5)]

    @property
    def block(self) -> int:
        """Filters that are packed side by side."""
        return self.filters

    def __str__(self) -> str:
        return f"{self.filters} filters x 2 rows of {self.lanes} positions{_constant(self)}"


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
        return min(fitting, key=lambda tile: (tile.cost(F, tiles), tile), default=None)

    @classmethod
    def every(cls) -> list["WinogradTile"]:
        """Return all tiles."""
        most = _accumulators()
        return [cls(T, V, L) for L in _widths() for V in (1, 2) for T in (4, 7, 8, 12) if most >= T * V]

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
        KH, KC, most = kernel[0], kernel[1] * channels, _accumulators()
        vectors, cost = {}, {}
        for L in _widths():
            count = ceil(KC / L)
            splits = ceil(count / most)
            vectors[L] = min(v for v in VECTORS if v >= ceil(count / splits))
            cost[L] = ceil(count / vectors[L]) * vectors[L] * _weight(L, channels)
        L = min(cost, key=lambda lanes_: (cost[lanes_], lanes_))
        V = vectors[L]
        U = _divisor(KH, most // V)
        direct = U == KH and V * L >= KC and registers() > 3 * U * V and not needs_dx
        return cls(U, V, L, direct)

    def cost(self, F: int, KH: int, KC: int, channels: int) -> float:
        """Estimate the time of one pooling window, in instructions of `DenseTile.cost`."""
        vectors = ceil(KC / (self.vectors * self.lanes)) * self.vectors
        return 2 * F * KH * vectors * _weight(self.lanes, channels)

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
        if any(channels % lanes_ == 0 for lanes_ in _widths()):
            return None
        rows, numbers = kernel[0] + stride[0], (kernel[1] + stride[1]) * channels
        L = min(_widths(), key=lambda lanes_: (ceil(numbers / lanes_), lanes_))
        V = ceil(numbers / L)
        copies = 8 * F * (kernel[0] + 2 * stride[0]) * V * L
        if copies > CACHED or _accumulators() < V:
            return None
        return cls(_divisor(rows, _accumulators() // V), V, L)

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
    def choose(cls, F: int, kernel: tuple[int, int], channels: int) -> "DenseTile":
        """Return the tile for the gradient of F filters."""
        KH, KC = kernel[0], kernel[1] * channels
        tiles = [tile for tile in cls.every() if tile.rows <= KH and tile.numbers <= KC]
        return min(tiles, key=lambda tile: (tile.cost(F, KH, KC), tile.lanes, tile))

    @classmethod
    def every(cls) -> list["DenseTile"]:
        """Return all tiles."""
        return [
            cls(RU, RS, V, L)
            for L in _widths()
            for V in (1, 2, 4)
            for RU in (1, 3, 5)
            for RS in (1, 2, 3, 4, 5, 6, 8, 12, 16)
            if _accumulators() >= RU * RS * V
        ]

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
    """Return every tile that there is on this machine, by kernel, for kernels of up to 7 x 7 x 128."""
    forward = {tile for rows in (1, 2) for taps in (0, 3, 5) for tile in ForwardTile.every(rows, taps)}
    sizes = [((kh, kw), C) for kh in range(1, 8) for kw in range(1, 8) for C in range(1, 129)]
    sparse = {SparseTile.choose(kernel, C, dx) for kernel, C in sizes for dx in (False, True)}
    windows = {WindowTile.choose(1, kernel, (1, 1), C) for kernel, C in sizes}
    return {
        "convolution": [str(tile) for tile in sorted(forward)],
        "convolution, few filters": [str(tile) for tile in sorted(ColumnTile.every())],
        "convolution, Winograd": [str(tile) for tile in sorted(WinogradTile.every())],
        "sparse backward": [str(tile) for tile in sorted(sparse)],
        "windows": [str(tile) for tile in sorted(tile for tile in windows if tile)],
        "dense backward, Winograd": [str(tile) for tile in sorted(GradientTile.every())],
        "dense backward": [str(tile) for tile in sorted(DenseTile.every())],
        "affine": [str(AffineTile.choose())],
    }
