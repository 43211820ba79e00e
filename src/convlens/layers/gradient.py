"""Gradients by trying: the second source that backward passes are checked against. Must not know layers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.arrays import as_numbers
from convlens.errors import UsageError, shown
from convlens.interrupts import heed

__all__ = ["numerical_gradient", "numerical_gradient_2d"]


@as_annotated
def numerical_gradient(f: Callable[[Any], Any], x: Array, h: float = 1e-4) -> Array:
    """Return the central difference (f(x + h) - f(x - h)) / 2h by every element of `x`.

    `f` is given `x` itself where that is float64, else a float64 copy of it. `x` itself moves in any case and
    is put back, also when `f` raises: a function that reads `x` from elsewhere, such as
    `lambda _: network.loss(images, labels)`, sees the change too. It computes in its own dtype: in float32
    the gradient of a loss is off by about 0.001, as much as many of its elements are; so check in float64.

    Args:
        f: a function of an array that gives one number.
        x: where; any shape. Integers are read as numbers (and do not move).
        h: the step; a longer one is used where `x` could not hold it.

    Returns:
        The gradient, float64, of the shape of `x`.
    """
    x = as_numbers("`x` of numerical_gradient", x)
    moves = np.issubdtype(x.dtype, np.floating)
    point = x if x.dtype == np.float64 else x.astype(np.float64)
    gradient = np.zeros(x.shape, np.float64)
    for index in np.ndindex(x.shape):
        heed()
        before = x[index]
        values, places = [], []
        # At least four of the numbers that x can hold, or both places would be one.
        reach = max(h, 4 * float(np.spacing(abs(before)))) if moves else h
        try:
            for step in (reach, -reach):
                point[index] = float(before) + step
                if moves:
                    x[index] = point[index]
                    point[index] = x[index]  # the same place for both, rounded as x rounds it
                places.append(float(point[index]))
                values.append(_one_number(f(point)))
        finally:
            point[index] = before
            if moves:
                x[index] = before
        gradient[index] = (values[0] - values[1]) / (places[0] - places[1])
    return gradient


def _one_number(value: Any) -> float:  # noqa: ANN401
    """Return what a user's function gives as a float."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise UsageError(f"`f` of numerical_gradient must give one number. Got {shown(value)}.") from None


@as_annotated
def numerical_gradient_2d(f: Callable[[Any], Any], X: Array) -> Array:
    """Return the `numerical_gradient` of each row of `X`: `f` is given one row, as in the book.

    Args:
        f: a function of one row that gives one number.
        X: rows (N, …); a single row (n,) is taken as it is.

    Returns:
        The gradients, float64, of the shape of `X`.
    """
    X = as_numbers("`X` of numerical_gradient_2d", X)
    if X.ndim <= 1:
        return numerical_gradient(f, X)
    return np.array([numerical_gradient(f, row) for row in X]).reshape(X.shape)
