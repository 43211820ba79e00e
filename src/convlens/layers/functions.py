"""The book's functions on arrays, with its names. Must not know layers.

Reference: Saito, "Deep Learning from Scratch", `common/functions.py`. Both editions' names are kept.
"""

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arrays import as_numbers
from convlens.errors import LabelError, LengthError, ShapeError

__all__ = [
    "cross_entropy_error",
    "identity_function",
    "mean_squared_error",
    "relu",
    "relu_grad",
    "sigmoid",
    "sigmoid_grad",
    "smooth_curve",
    "softmax",
    "softmax_loss",
    "step_function",
    "sum_squared_error",
]


def identity_function(x: Array) -> Array:
    """Return `x` itself."""
    return x


def step_function(x: Array) -> IntArray:
    """Return 1 where x > 0, else 0."""
    return np.array(as_numbers("`x` of step_function", x) > 0, dtype=np.int64)


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + exp(-x)), without overflow for any x."""
    x = as_numbers("`x` of sigmoid", x)
    small = np.exp(-np.abs(x))  # in (0, 1], whatever the sign
    return np.where(x >= 0, 1, small) / (1 + small)


def sigmoid_grad(x: Array) -> Array:
    """Return the sigmoid's derivative, sigmoid(x) · (1 - sigmoid(x))."""
    return (1 - sigmoid(x)) * sigmoid(x)


def relu(x: Array) -> Array:
    """Return max(0, x)."""
    return np.maximum(0, as_numbers("`x` of relu", x))


def relu_grad(x: Array) -> Array:
    """Return 1 where x ≥ 0, else 0 (as the book; the layer Relu has 0 at 0)."""
    x = as_numbers("`x` of relu_grad", x)
    grad = np.zeros_like(x)
    grad[x >= 0] = 1
    return grad


def softmax(x: Array) -> Array:
    """Return exp(x) / Σ exp(x) over the last axis; the maximum is subtracted first, so nothing overflows."""
    x = as_numbers("`x` of softmax", x)
    if x.ndim and not x.shape[-1]:
        raise ShapeError(f"`x` of softmax must have one class or more. Got {x.shape}.")
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    powers /= np.sum(powers, axis=-1, keepdims=True)
    return powers


def sum_squared_error(y: Array, t: Array) -> float:
    """Return ½ Σ (y - t)² over everything, not divided by the batch."""
    y, t = (as_numbers(f"`{name}` of sum_squared_error", given) for name, given in (("y", y), ("t", t)))
    try:
        return float(0.5 * np.sum((y - t) ** 2))
    except ValueError:
        rule = "have the same shape"
        raise ShapeError(
            f"`y` and `t` of sum_squared_error must {rule}. Got {y.shape} and {t.shape}."
        ) from None


mean_squared_error = sum_squared_error
"""The Korean edition's name of the same function."""


def cross_entropy_error(y: Array, t: Array | IntArray) -> float:
    """Return mean_n -log(y[n, t_n] + 1e-7).

    Args:
        y: probabilities (N, classes), or (classes,) for one sample.
        t: class numbers or one-hot rows.
    """
    y, t = (as_numbers(f"`{name}` of cross_entropy_error", given) for name, given in (("y", y), ("t", t)))
    if y.ndim == 1:
        y, t = y.reshape(1, -1), t.reshape(1, -1)
    if y.ndim != 2 or not y.size or t.size not in {len(y), y.size}:
        rule = "(N, classes), and `t` a label or a one-hot row for each"
        raise LengthError(f"`y` of cross_entropy_error must be {rule}. Got {y.shape} and {t.shape}.")
    numbers = t.reshape(y.shape).argmax(axis=1) if t.size == y.size else t.reshape(-1)
    if numbers.dtype.kind not in "iu" or not 0 <= numbers.min() <= numbers.max() < y.shape[1]:
        rule = f"class numbers 0 to {y.shape[1] - 1}, or one-hot rows"
        raise LabelError(
            f"`t` of cross_entropy_error must be {rule}. Got {t.dtype} from {t.min()} to {t.max()}."
        )
    return float(-np.sum(np.log(y[np.arange(len(y)), numbers] + 1e-7)) / len(y))


def softmax_loss(X: Array, t: Array | IntArray) -> float:
    """Return the cross-entropy of softmax(X)."""
    return cross_entropy_error(softmax(X), t)


def smooth_curve(x: list[float] | Array) -> Array:
    """Return a curve smoothed by a Kaiser window of 11 points (β = 2), of the same length.

    Shorter curves than the window's come out as the book gives them: cut (10 → 9, 5 → 0 points). One
    without points stays so.
    """
    window_length = 11
    x = as_numbers("`x` of smooth_curve", x)
    if not x.size:
        return np.zeros(0)
    if x.ndim != 1:
        raise ShapeError(f"`x` of smooth_curve must be a row of numbers. Got {x.shape}.")
    # Mirrored ends, so that the curve's own ends are not pulled down.
    mirrored = np.r_[x[window_length - 1 : 0 : -1], x, x[-1:-window_length:-1]]
    window = np.kaiser(window_length, 2)
    smooth: Array = np.convolve(window / window.sum(), mirrored, mode="valid")
    return smooth[5 : len(smooth) - 5]
