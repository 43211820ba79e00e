"""Dropping numbers, each by itself, by what follows from its place alone. Must not know layers.

`streams.counted` draws the same numbers in NumPy: bit by bit, as both are whole numbers modulo 2^32.
"""

from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.shares import many
from convlens.streams import MIX

__all__ = ["drop"]

WORK = 2
"""How many numbers could be copied while one is drawn."""

U, FIRST, SECOND = np.uint32, np.uint32(MIX[0]), np.uint32(MIX[1])


@inner
def drop_run(x, y, first, step, b, below, factor):
    """y[k] = factor * x[k], or 0 where number first + k*step of a sample says so.

    Chosen, not multiplied by 0: what is infinite in a dropped place does not go on as NaN.
    """
    for k in range(y.size):
        h = U(first + k * step)
        h = U(h ^ (h >> U(16)))
        h = U(h * FIRST)
        h = U(h ^ b)
        h = U(h ^ (h >> U(15)))
        h = U(h * SECOND)
        h = U(h ^ (h >> U(15)))
        v = x[k] * factor
        y[k] = np.float32(0) if h < below else v


@inner
def drop_share(t, shares, x, y, keys, n, reads, writes, shape, numbers, below, factor):
    """Do share t of `drop`."""
    size, origin, row = reads
    out_size, out_origin, out_row = writes
    rows, columns, count = shape
    by_row, by_column, by_one = numbers
    for task in range(t * n * rows // shares, (t + 1) * n * rows // shares):
        m, i = task // rows, task % rows
        p, o = m * size + origin + i * row, m * out_size + out_origin + i * out_row
        first = np.int64(keys[2 * m]) + i * by_row
        for j in range(columns):
            ins, outs = x[p + j * count : p + (j + 1) * count], y[o + j * count : o + (j + 1) * count]
            drop_run(ins, outs, first + j * by_column, by_one, keys[2 * m + 1], U(below), factor)


@entry
def drop(
    x: Any, y: Any, keys: Any, n: int, reads: Any, writes: Any, shape: Any, numbers: Any, below: int,
    factor: Any, shares: int,
) -> None:  # fmt: skip
    """y = factor * x, or 0 where a sample's counted number is below a threshold, for n samples.

    keys: uint32, two a sample, as `streams.sample_keys` returns them; reads, writes: `FrameSizes` of x and
    y; shape: rows of a sample, places of a row, numbers of a place; numbers: the steps of what is counted
    from one row, place and number to the next; below: the threshold, 0 for all that is kept; factor: float32.
    """
    held = (x, y, keys, n, reads, writes, shape, numbers, below, factor)
    numbers_of_all = n * shape[0] * shape[1] * shape[2]
    in_shares(drop_share, min(n * shape[0], shares, many(WORK * numbers_of_all)), held)
