"""What a short menu of register tiles costs: a layer's estimate beside that of the best tile there could be.

python bench/menu.py

Of 2,000 random networks: how often each kernel runs, and how much more than the least estimate its tile has.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
from arguments import names

from convlens.engine.convolution.choosing import Tiles
from convlens.engine.convolution.geometry import Geometry
from convlens.engine.tile_tables import accumulators, most_accumulators
from convlens.engine.tiles import DenseTile, ForwardTile, SparseTile, WindowTile, WinogradTile
from convlens.kernels.runtime.machine import lanes

FILTERS = (4, 6, 8, 10, 12, 16, 16, 20, 24, 30, 32, 32, 40, 48, 50, 64, 64, 96, 128)
PICTURES = ((1, 28), (3, 32), (1, 20), (1, 14), (3, 64), (1, 28), (3, 32), (1, 16), (1, 48))


def layers(count: int) -> Iterator[tuple[Geometry, bool]]:
    """Yield the convolutions of random networks of one to five of them, and whether dx is wanted."""
    rng = np.random.default_rng(0)
    for _ in range(count):
        channels, side = PICTURES[rng.integers(len(PICTURES))]
        for depth in range(rng.integers(1, 6)):
            size = int(rng.choice([3, 3, 3, 3, 5, 5, 5, 7, 4, 2, 1]))
            pad, filters = int(rng.choice([0, size // 2])), int(rng.choice(FILTERS))
            if side + 2 * pad < size + 1:
                break
            g = Geometry(
                channels, side, side, filters, (size, size), (1, 1), (pad, pad), bool(rng.random() < 0.55)
            )
            yield g, depth > 0
            channels, side = filters, g.grid[0]


def best_forward(g: Geometry, tile: ForwardTile) -> tuple[float, float]:
    """Return the estimates of the tile and of the best one."""
    rows, outputs = (2, g.unpooled[1] // 2) if g.pooled else (1, g.unpooled[1])
    all_tiles = (
        ForwardTile(rows * step, V, lanes())
        for V, step in product((1, 2), range(1, outputs + 1))
        if rows * rows * step * V <= most_accumulators(V)
    )
    return tile.cost(g.F, outputs, rows), min(t.cost(g.F, outputs, rows) for t in all_tiles)


def best_dense(g: Geometry, tile: DenseTile) -> tuple[float, float]:
    sizes = (g.F, g.kernel[0], g.kernel[1] * g.C)
    all_tiles = (
        DenseTile(RU, RS, V, lanes())
        for RU, RS, V in product(range(1, sizes[1] + 1), range(1, min(sizes[2], 25) + 1), (1, 2, 4))
        if accumulators() >= RU * RS * V
    )
    return tile.cost(*sizes), min(t.cost(*sizes) for t in all_tiles)


def best_winograd(g: Geometry, tile: WinogradTile) -> tuple[float, float]:
    rows, columns = (-(-n // 2) for n in g.unpooled)
    all_tiles = (
        WinogradTile(T, V, lanes())
        for T, V in product(range(1, min(rows * columns, 25) + 1), (1, 2))
        if accumulators() >= T * V and g.F % (V * lanes()) == 0
    )
    return tile.cost(g.F, rows * columns), min(t.cost(g.F, rows * columns) for t in all_tiles)


def best_sparse(g: Geometry, tile: SparseTile, needs_dx: bool) -> tuple[float, float]:
    KH, KC = g.kernel[0], g.kernel[1] * g.C
    all_tiles = (
        SparseTile(U, V, L, tile.direct)
        for U, V, L in product(range(1, KH + 1), range(1, 26), (lanes() // 2, lanes()))
        if KH % U == 0 and accumulators() >= U * V and (not tile.direct or (V * L >= KC and U == KH))
    )
    costs = [t.cost(1, KH, KC, g.C, needs_dx) for t in (tile, *all_tiles)]
    return costs[0], min(costs)


def best_windows(g: Geometry, tile: WindowTile) -> tuple[float, float]:
    rows, numbers = g.kernel[0] + 1, (g.kernel[1] + 1) * g.C
    vectors = -(-numbers // lanes())
    all_tiles = (WindowTile(U, vectors, lanes()) for U in range(1, rows + 1) if rows % U == 0)
    return tile.cost(rows), min(t.cost(rows) for t in all_tiles if accumulators() >= t.rows * vectors)


def compared(g: Geometry, needs_dx: bool) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield the kernels of one layer, each with its estimate and the least one."""
    tiles = Tiles.of(g, needs_dx)
    best: dict[type, Callable[[Any], tuple[float, float]]] = {
        ForwardTile: lambda tile: best_forward(g, tile),
        WinogradTile: lambda tile: best_winograd(g, tile),
        DenseTile: lambda tile: best_dense(g, tile),
        SparseTile: lambda tile: best_sparse(g, tile, needs_dx and tiles.windows is None),
        WindowTile: lambda tile: best_windows(g, tile),
    }
    for tile in (tiles.forward, tiles.filters, tiles.windows):
        if type(tile) in best:
            yield type(tile).__name__, best[type(tile)](tile)


if __name__ == "__main__":
    names(__doc__)
    ratios = defaultdict(list)
    for g, needs_dx in layers(2000):
        for kernel, (ours, least) in compared(g, needs_dx):
            ratios[kernel].append(ours / least)
    for kernel, found in ratios.items():
        mean, worst = np.mean(found), max(found)
        print(f"{kernel:14} {len(found):5} layers: mean {mean:.3f}, worst {worst:.2f} of the least")
    print(f"all: mean {np.mean([ratio for found in ratios.values() for ratio in found]):.3f}")
