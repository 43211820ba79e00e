"""Derivatives by trying, along directions and entry by entry, and how precise they are. Must not know layers.

A central difference is off by about h²·f‴/6 for its length and by ε·f/h for rounding; h = ε^(1/3) makes the
sum least: 6e-6 in double precision, 5e-3 in single. (W. Press et al., "Numerical Recipes", 3rd ed., §5.7.)
A direction costs two forwards whatever the number of entries: entries are tried one by one only where a
direction disagrees. Where f has a kink a shorter h moves the result, and the two sides differ: such entries
are left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens._typing import Array

__all__ = ["DOUBLE", "HALF", "SINGLE", "Precision", "alike", "along", "by_entries", "is_kink", "spread"]

_MOST = 1_500  # entries that are tried one by one
_DIRECTIONS = 4


@dataclass(frozen=True)
class Precision:
    """How a derivative is measured.

    Attributes:
        step: the length of the difference.
        tolerance: how far an entry may be off, as a share of the largest one.
    """

    step: float
    tolerance: float

    def within(self, gap: float) -> "Precision":
        """Return the same with a step that no two values `gap` apart can cross."""
        return Precision(min(self.step, gap / 8), self.tolerance)


DOUBLE = Precision(6e-6, 2e-6)
"""For a layer that computes in double precision."""

SINGLE = Precision(5e-3, 1e-2)
"""For one that computes in single precision itself, whatever it is given."""


HALF = Precision(0.05, 0.1)
"""For one that computes with half of that: only what is plainly wrong can be told."""


def spread(shape: tuple[int, ...], seed: int, low: float = -2, high: float = 2) -> Array:
    """Return numbers in which no two are equal and none is near 0, in an order of chance.

    Differences then cross neither the kink of a ReLU nor that of a maximum.
    """
    n = max(1, int(np.prod(shape)))
    places = (np.arange(n) + 0.5 + 0.1 * (n % 2)) / n * (high - low) + low
    return np.random.default_rng(seed).permutation(places).reshape(shape)


def alike(one: Array, other: Array, tolerance: float) -> bool:
    """Say whether two arrays are the same, up to a share of the largest entry."""
    if one.shape != other.shape:
        return False
    if not one.size:
        return True
    scale = max(float(np.abs(one).max()), float(np.abs(other).max()), 1e-12)
    return bool(np.abs(one - other).max() <= tolerance * scale)  # False where one of them is not finite


def along(
    f: Callable[[Array], float], at: Array, gradient: Array, precision: Precision, seed: int = 3
) -> bool:
    """Say whether a gradient agrees with `f` along some directions of chance."""
    rng = np.random.default_rng(seed)
    for _ in range(_DIRECTIONS):
        way = rng.choice([-1.0, 1.0], size=at.shape)
        h = precision.step
        measured = (f(at + h * way) - f(at - h * way)) / (2 * h)
        told = float((gradient * way).sum())
        scale = max(abs(measured), abs(told), float(np.sqrt((gradient**2).sum())), 1e-9)
        if not abs(measured - told) <= 2 * precision.tolerance * scale:
            return False
    return True


def by_entries(
    f: Callable[[Array], float], at: Array, precision: Precision, most: int = _MOST
) -> tuple[Array, Array]:
    """Return the derivative by each entry, and which entries were measured: of more than `most`, some."""
    measured, known = np.zeros(at.shape), np.zeros(at.shape, bool)
    for flat in np.random.default_rng(9).permutation(at.size)[:most]:
        index = np.unravel_index(flat, at.shape)
        measured[index] = _difference(f, at, index, precision.step)
        known[index] = True
    return measured, known


def is_kink(f: Callable[[Array], float], at: Array, index: tuple[Any, ...], precision: Precision) -> bool:
    """Say whether the derivative by an entry depends on the step, or on the side."""
    h, here = precision.step, f(at)
    right, left = (f(_moved(at, index, step)) - here for step in (h, -h))
    again = _difference(f, at, index, h / 4)
    scale = max(abs(right), abs(left), 1e-12) / h
    return abs(right + left) / h > 0.02 * scale or abs(again - (right - left) / (2 * h)) > 0.02 * scale


def _difference(f: Callable[[Array], float], at: Array, index: tuple[Any, ...], h: float) -> float:
    return (f(_moved(at, index, h)) - f(_moved(at, index, -h))) / (2 * h)


def _moved(at: Array, index: tuple[Any, ...], step: float) -> Array:
    moved = at.copy()
    moved[index] += step
    return moved
