"""Tables of register tiles, and what decides between tiles. Holds sizes only.

The tables were chosen so that a layer's estimate is on average within a tenth of that of the best tile there
could be (`python bench/menu.py`); `convlens warmup` compiles all of them.
"""

from convlens.kernels.runtime.machine import lanes, registers

__all__ = [
    "AFFINE_ROWS",
    "DENSE",
    "DENSE_POOLED",
    "DIRECT",
    "LIST_PASS_COST",
    "OVERHANG",
    "PLAIN",
    "POOLED",
    "SPARSE",
    "SPARSE_WIDE",
    "WINDOWS",
    "WINDOW_CACHE_BYTES",
    "WINOGRAD",
    "WINOGRAD_MIN_CHANNELS",
    "accumulators",
    "fills",
    "half",
    "hiding",
    "most_accumulators",
    "weight",
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

DENSE_POOLED = (
    (1, 1, 1),
    (1, 1, 2),
    (1, 2, 2),
    (1, 3, 2),
    (1, 4, 4),
    (3, 3, 1),
    (3, 3, 2),
    (3, 4, 1),
    (5, 5, 1),
)
"""The same behind pooling, for the filters of a first layer."""

SPARSE = ((1, 1), (1, 6), (1, 9), (1, 12), (2, 2), (2, 4), (3, 2), (3, 3), (3, 5), (5, 2), (5, 4), (5, 5),
          (7, 3))  # fmt: skip
"""`SparseTile` of half the widest vector: patch rows, vectors."""

SPARSE_WIDE = ((1, 6), (1, 12), (2, 4), (3, 3), (3, 6), (5, 5))
"""`SparseTile` of the widest vector."""

DIRECT = ((1, 1), (3, 1), (3, 2), (5, 1), (5, 2), (7, 1))
"""`SparseTile` that holds a whole patch of few numbers, of half the widest vector."""

WINDOWS = ((1, 8), (1, 12), (1, 16), (2, 4), (2, 5), (3, 1), (3, 2), (3, 3), (3, 4), (4, 1), (4, 2), (4, 3),
           (5, 2), (5, 4), (6, 2), (7, 3))  # fmt: skip
"""`WindowTile`: rows, vectors."""

WINDOW_CACHE_BYTES = 65536
"""Bytes of packed filters up to which they stay close enough for `WindowTile`."""

WINOGRAD_MIN_CHANNELS = 16
"""Channels and filters below which Winograd's transforms cost more than they save."""

AFFINE_ROWS = 6
"""Rows of an affine tile."""

LIST_PASS_COST = 2.0
"""What reading a list of live entries once more costs an entry, in instructions."""

OVERHANG = 112
"""Numbers past a patch row that a tile may cover: less than the slack behind a sample."""


def half() -> int:
    """Return the next narrower vector, where there is one."""
    return max(4, lanes() // 2)


def accumulators() -> int:
    """Return how many accumulators fit beside the operands."""
    return 25 if registers() == 32 else 12


def hiding(accumulators: int) -> float:
    """Return which share of the peak so many accumulators can reach."""
    return min(1.0, accumulators / 8) if registers() == 16 else min(1.0, 0.4 + accumulators / 24)


def most_accumulators(vectors: int) -> int:
    """Return how many accumulators a forward tile may have; more were slower when measured."""
    if registers() == 16:
        return 8
    return 20 if vectors == 1 else 16


def weight(lanes_: int, channels: int) -> float:
    """Return what one load, multiply-add and store of a patch costs, measured relative to 8 lanes.

    A vector of 16 that lies across two cache lines costs three times one of 8.
    """
    across = channels % lanes_ != 0
    return {4: 0.9, 8: 1.0, 16: 2.8 if across else 1.9}[lanes_]


def fills(F: int, channels: int) -> bool:
    """Say whether channels and filters fill whole vectors and are worth Winograd's transforms."""
    return min(F, channels) >= WINOGRAD_MIN_CHANNELS and F % lanes() == 0 and channels % lanes() == 0
