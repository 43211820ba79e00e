"""Runs of numbers, copied and added: between kernels and a layer's own arrays. Must not know layers.

NumPy would do the same, but on one thread, and only where Python calls it.
"""

from typing import Any

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.shares import many

__all__ = ["add_span", "copy_span"]


@inner
def copy_share(t, shares, x, y, count):
    """Do share t of `copy_span`."""
    for i in range(t * count // shares, (t + 1) * count // shares):
        y[i] = x[i]


@entry
def copy_span(x: Any, y: Any, count: int) -> None:
    """y[i] = x[i] for i < count."""
    in_shares(copy_share, many(count), (x, y, count))


@inner
def add_share(t, shares, x, y, count):
    """Do share t of `add_span`."""
    for i in range(t * count // shares, (t + 1) * count // shares):
        y[i] += x[i]


@entry
def add_span(x: Any, y: Any, count: int) -> None:
    """y[i] += x[i] for i < count."""
    in_shares(add_share, many(count), (x, y, count))
