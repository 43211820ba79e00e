"""Switching off gradients where ReLU was off, and summing them for the bias. Must not know layers."""

from typing import Any

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.shares import many
from convlens.kernels.simd.vectors import OFF, load, select_live, store, vadd

__all__ = ["add_columns", "mark_off", "mask_rows", "mask_span"]


@inner
def mask_span(d: Any, start: int, mask: Any, at: int, count: int, lanes: Any) -> None:
    """d[start + i] = 0 where mask[at + i] is not live (see `select_live`), for i < count and a few more."""
    for i in range(0, count, len(lanes)):
        # Chosen, not multiplied by 0: what is infinite or NaN in a dead place does not go on.
        store(d, start + i, select_live(load(d, start + i, lanes), mask, at + i))


@inner
def mask_rows(d: Any, mask: Any, o: int, grid: Any, lanes: Any) -> None:
    """The same for the interior of one sample of a frame whose origin is o; grid: (P, Q, row, F).

    The overhang of a row is border or slack, where a gradient means nothing, or the next row.
    """
    P, Q, row, F = grid
    for i in range(P):
        mask_span(d, o + i * row, mask, o + i * row, Q * F, lanes)


@inner
def add_columns(d: Any, o: int, grid: Any, total: Any, lanes: Any) -> None:
    """total[f] += sum_{i,j} d[o + i*row + j*F + f]; total has whole vectors."""
    P, Q, row, F = grid
    # Filters outside, places inside: a vector's sum stays in a register, and its order is always the same.
    for f in range(0, F, len(lanes)):
        s = load(total, f, lanes)
        for i in range(P):
            p = o + i * row + f
            for _ in range(Q):
                s = vadd(s, load(d, p, lanes))
                p += F
        store(total, f, s)


@inner
def mark_share(t, shares, y, winner):
    """Do share t of `mark_off`."""
    for i in range(t * y.size // shares, (t + 1) * y.size // shares):
        # Exactly 0 is what ReLU makes of whatever it switches off; a NaN counts as live, and is seen.
        winner[i] = OFF if y[i] == 0 else 0


@entry
def mark_off(y: Any, winner: Any, shares: int) -> None:
    """winner[i] = OFF where ReLU was off, else 0, as pooling marks windows: so kernels know one mask only."""
    in_shares(mark_share, min(shares, many(y.size)), (y, winner))
