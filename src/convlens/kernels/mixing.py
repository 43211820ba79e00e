"""Two vectors mixed into a third, and the sum of one's squares. Must not know what they are.

A gradient and the weights that decay, an average and the weights that it follows: each is a mixture.
"""

from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import SHARES, in_shares
from convlens.kernels.shares import many
from convlens.kernels.simd.vectors import fma, load, splat, store, vmul

__all__ = ["BLOCK", "L", "mix", "square_sums"]

L = 8  # bound by memory, as the optimizers are

ARRAYS = 3
"""That are read and written."""

BLOCK = 4096
"""Numbers whose squares are summed apart: few enough that a float32 holds their sum well, whoever sums it."""


@inner
def mix_share(t, shares, x, y, z, a, b):
    """Do share t of `mix`, whole vectors only."""
    n = z.size // L
    va, vb = splat(a, L), splat(b, L)
    for i in range(t * n // shares * L, (t + 1) * n // shares * L, L):
        store(z, i, fma(vb, load(y, i, L), vmul(va, load(x, i, L))))


@entry
def mix(x: Any, y: Any, z: Any, a: Any, b: Any) -> None:
    """z = a x + b y; z may be x or y themselves; a and b are float32."""
    in_shares(mix_share, many(ARRAYS * z.size), (x, y, z, a, b))
    for i in range(z.size // L * L, z.size):
        z[i] = a * x[i] + b * y[i]


@inner
def square_sums_share(t, shares, x, sums):
    """Do share t of `square_sums`: its blocks, whole vectors only."""
    blocks, end = sums.size // L, x.size // L * L
    for k in range(t * blocks // shares, (t + 1) * blocks // shares):
        total = splat(np.float32(0), L)
        for i in range(k * BLOCK, min((k + 1) * BLOCK, end), L):
            xi = load(x, i, L)
            total = fma(xi, xi, total)
        store(sums, k * L, total)


@entry
def square_sums(x: Any, sums: Any) -> None:
    """sums[k L : (k + 1) L] = the squares of block k of x, summed lane by lane; x is not empty.

    A block is what it is whoever sums it, so the sums do not depend on the number of threads.
    """
    blocks = sums.size // L
    in_shares(square_sums_share, min(blocks, many(x.size), SHARES), (x, sums))
    for i in range(x.size // L * L, x.size):
        sums[(blocks - 1) * L + i % L] += x[i] * x[i]
