"""Gradients by trying: the second source that backward passes are checked against. Must not know layers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convlens._typing import Array

__all__ = ["numerical_gradient"]


def numerical_gradient(f: Callable[[Any], Any], x: Array, h: float = 1e-4) -> Array:
    """Return the central difference (f(x + h) - f(x - h)) / 2h by every element of `x`.

    `f` is given a float64 copy, so that a float32 `x` loses nothing. `x` itself moves along and is put
    back: a function that ignores its argument and reads `x` from elsewhere, such as
    `lambda _: network.loss(images, labels)`, sees the change too.

    Args:
        f: a function of an array that gives one number.
        x: where; any shape. Integers are read as numbers (and do not move).
        h: the step; a longer one is used where `x` could not hold it.

    Returns:
        The gradient, float64, of the shape of `x`.
    """
    moves = np.issubdtype(x.dtype, np.floating)
    point = x if x.dtype == np.float64 else x.astype(np.float64)
    gradient = np.zeros(x.shape, np.float64)
    for index in np.ndindex(x.shape):
        before = x[index]
        values, places = [], []
        # At least four of the numbers that x can hold, or both places would be one.
        reach = max(h, 4 * float(np.spacing(abs(before)))) if moves else h
        for step in (reach, -reach):
            point[index] = float(before) + step
            if moves:
                x[index] = point[index]
                point[index] = x[index]  # the same place for both, rounded as x rounds it
            places.append(float(point[index]))
            values.append(float(f(point)))
        if moves:
            x[index] = before
        point[index] = before
        gradient[index] = (values[0] - values[1]) / (places[0] - places[1])
    return gradient
