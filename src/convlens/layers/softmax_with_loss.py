"""Softmax with cross-entropy: turns scores into probabilities and says how wrong they are."""

from numbers import Real
from typing import Any

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arguments import fits
from convlens.arrays import as_array, as_numbers
from convlens.errors import LabelError, LengthError, OrderError, ShapeError, UsageError, shown
from convlens.layers.functions import softmax

__all__ = ["BookSoftmaxWithLoss", "SoftmaxWithLoss", "class_numbers", "smoothing_given"]


def class_numbers(t: IntArray | Array, n_samples: int, n_classes: int) -> IntArray:
    """Return labels as class numbers (N,), from integers (N,) or (N, 1) or one-hot rows (N, classes).

    Raises:
        LengthError: there is not one label a sample.
        LabelError: a label is no integer, or outside the classes.
        UsageError: its row is not one-hot.
    """
    t = as_array("`t`", t)
    if t.shape == (n_samples, n_classes) and n_classes > 1:
        if not np.all((t == 0) | (t == 1)) or not np.all(t.sum(axis=1) == 1):
            raise UsageError("one-hot labels must have one 1 a row and 0 elsewhere.")
        return t.argmax(axis=1)
    if t.size != n_samples or t.ndim > 2:
        rule = f"({n_samples},) or one-hot ({n_samples}, {n_classes})"
        raise LengthError(f"labels must be {rule} for {n_samples} samples. Got {t.shape}.")
    if not np.issubdtype(t.dtype, np.integer):
        raise LabelError(f"labels must be integers or one-hot rows. Got {t.dtype}.")
    numbers = t.reshape(-1)
    if numbers.size and not 0 <= int(numbers.min()) <= int(numbers.max()) < n_classes:
        found = f"{numbers.min()} to {numbers.max()}"
        raise LabelError(f"labels must be class numbers 0 to {n_classes - 1}. Got {found}.")
    return numbers if numbers.dtype.isnative else numbers.astype(numbers.dtype.newbyteorder("="))


class SoftmaxWithLoss:
    """loss = mean_n -log softmax(x_n)[t_n], computed from the scores so that it is finite for finite x.

    -log softmax(x)[t] = log Σ_j exp(x_j - max x) - (x_t - max x)

    With weights w it is mean_n -w_n log softmax(x_n)[t_n]: a sample of weight 2 is one that comes twice.

    With label smoothing s the share s of each label is spread evenly over all classes: a sample's loss is
    -(1 - s) log softmax(x)[t] - s mean_j log softmax(x)[j]. It is for training: networks are judged without.

    Args:
        label_smoothing: s, 0 or more and below 1.

    Attributes:
        label_smoothing: of a forward that is given none.
        smoothing: of the latest forward.
        loss: the latest forward's mean loss, in nats.
        y: its probabilities (N, classes).
        t: its class numbers (N,).
        weights: how much the loss of each sample counted, (N,), or None.
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        self.label_smoothing = smoothing_given(label_smoothing, "SoftmaxWithLoss")
        self.smoothing = 0.0
        self.loss: float | None = None
        self.y: Array | None = None
        self.t: IntArray | None = None
        self.weights: Array | None = None

    def forward(
        self, x: Array, t: IntArray | Array, weights: Array | None = None,
        label_smoothing: float | None = None,
    ) -> float:  # fmt: skip
        """Return the mean loss of scores for labels.

        Args:
            x: scores (N, classes).
            t: integers (N,) or one-hot rows.
            weights: how much the loss of each sample counts, (N,); None for 1 each.
            label_smoothing: 0 or more and below 1; None for the layer's own.
        """
        s = self.label_smoothing if label_smoothing is None else label_smoothing
        self.smoothing = smoothing_given(s, "SoftmaxWithLoss")
        x = as_numbers("`x` of SoftmaxWithLoss", x)
        if x.ndim != 2:
            raise ShapeError(f"scores must be (N, classes). Got {x.shape}.")
        self.t = class_numbers(t, *x.shape)
        self.weights = None if weights is None else _weights(weights, len(x))
        self.y = softmax(x)
        losses = self._losses(x, self.y, self.t)
        if self.smoothing:
            losses = (1 - self.smoothing) * losses + self.smoothing * _spread(x)
        losses = losses if self.weights is None else self.weights * losses
        self.loss = float(np.mean(losses, dtype=np.float64))
        return self.loss

    def backward(self, dout: float = 1) -> Array:
        """dx = dout · w · (softmax(x) - (1 - s) one-hot(t) - s/K) / N, w being the samples' weights."""
        if self.y is None or self.t is None:
            raise OrderError("SoftmaxWithLoss.backward needs a forward before it: call its forward first.")
        if not fits(dout, float) and as_numbers("`dout` of SoftmaxWithLoss", dout).ndim:
            raise ShapeError(f"`dout` of SoftmaxWithLoss must be one number. Got {shown(dout)}.")
        n = len(self.t)
        dx = self.y.copy()
        if self.smoothing:
            dx -= self.smoothing / dx.shape[1]
        dx[np.arange(n), self.t] -= 1 - self.smoothing
        dx *= dout / n
        if self.weights is not None:
            dx *= self.weights[:, None].astype(dx.dtype, copy=False)
        return dx

    @staticmethod
    def _losses(x: Array, y: Array, t: IntArray) -> Array:
        """Return each sample's loss."""
        del y
        shifted = x - x.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(shifted).sum(axis=1))
        return log_sum - shifted[np.arange(len(t)), t]


class BookSoftmaxWithLoss(SoftmaxWithLoss):
    """The book's variant: loss = mean_n -log(softmax(x_n)[t_n] + 1e-7), at most 16.118 a sample."""

    @staticmethod
    def _losses(x: Array, y: Array, t: IntArray) -> Array:
        del x
        return -np.log(y[np.arange(len(t)), t] + 1e-7)


def smoothing_given(given: Any, owner: str) -> float:  # noqa: ANN401
    """Return how much labels are smoothed, 0 or more and below 1."""
    is_number = isinstance(given, Real) and not isinstance(given, bool)
    if not (is_number and 0 <= given < 1):
        rule = "a number from 0 to below 1"
        raise UsageError(f"`label_smoothing` of {owner} must be {rule}. Got {shown(given)}.")
    return float(given)


def _spread(x: Array) -> Array:
    """Return -mean_j log softmax(x_n)[j] of each sample."""
    shifted = x - x.max(axis=1, keepdims=True)
    losses: Array = np.log(np.exp(shifted).sum(axis=1)) - shifted.mean(axis=1)
    return losses


def _weights(given: Array, n_samples: int) -> Array:
    """Return how much each sample counts, as numbers."""
    weights = as_numbers("`weights` of SoftmaxWithLoss", given)
    if weights.shape != (n_samples,):
        raise ShapeError(f"`weights` of SoftmaxWithLoss must be ({n_samples},). Got {weights.shape}.")
    return weights
