"""Losses and their faults: softmax with cross-entropy, squared errors. Must not know reports."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from convlens._typing import Array
from convlens.check.known.elementwise import Softmax
from convlens.check.known.known import Known, Suspects

__all__ = ["KnownLoss", "known_losses"]


class KnownLoss(Known):
    """A loss at one input.

    Args:
        x: scores or probabilities (N, classes).
        t: one-hot rows (N, classes).
        scale: 1 for a sum over the batch, 1/N for a mean, or what else is usual.
    """

    def __init__(self, x: Array, t: Array, scale: float) -> None:
        self.x, self.t, self.scale = x, t, scale

    def _samples(self) -> Array:
        """Return what each sample adds to the loss, unscaled."""
        raise NotImplementedError

    def _slopes(self) -> Array:
        """Return the derivative by `x`, unscaled."""
        raise NotImplementedError

    def right(self) -> Array:
        return np.asarray(self.scale * self._samples().sum())

    def outputs(self) -> Suspects:
        samples, n = self._samples(), len(self.x)
        yield "sign", -self.right()
        for scale in (1.0, 1 / n, 1 / self.x.size, 1 / self.x.shape[1], 0.5):
            yield "mean", np.asarray(scale * samples.sum())
        for one in (0, -1):
            yield "sum", np.asarray(samples[one])
            yield "sum", np.asarray(samples[one] / n)

    def derivatives(self, dout: Array) -> dict[str, Array]:
        return {"x": self.scale * self._slopes() * dout}

    def suspects(self, target: str, dout: Array) -> Suspects:
        del target
        slopes, n = self._slopes(), len(self.x)
        for scale in (1.0, 1 / n, 1 / self.x.size, 1 / self.x.shape[1], float(n)):
            if scale != self.scale:
                yield from (("mean", scale * slopes * dout), ("mean", scale * slopes))
        for scale in (self.scale, 1.0, 1 / n):
            yield "sign", -scale * slopes * dout
        yield "dout_forgotten", self.scale * slopes
        for scale in (self.scale, 1.0):
            yield from ((key, scale * made * dout) for key, made in self._own())

    def _own(self) -> Suspects:
        """Yield the slopes of those who wrote this very loss wrongly."""
        yield from ()


class SoftmaxCrossEntropy(KnownLoss):
    """-Σ t · log softmax(x)."""

    kind: ClassVar[str] = "softmax_loss"

    def _samples(self) -> Array:
        return -(self.t * np.log(Softmax.function(self.x))).sum(axis=1)

    def _slopes(self) -> Array:
        return Softmax.function(self.x) - self.t

    def outputs(self) -> Suspects:
        yield from super().outputs()
        y, n = Softmax.function(self.x), len(self.x)
        rows = self.t.astype(np.int64)
        picked = np.log(y)[np.arange(n)[:, None], rows * (rows > 0) % y.shape[1]]  # as class numbers
        yield from (
            ("one_hot", -np.asarray(made)) for made in (picked.mean(), picked.sum(), picked.sum() / n)
        )
        for scale in (self.scale, 1.0, 1 / n):
            yield "softmax_forgotten", np.asarray(-scale * (self.t * np.log(np.abs(self.x))).sum())
            yield "log_forgotten", np.asarray(-scale * (self.t * y).sum())
            powers = np.exp(self.x)
            near = np.exp(self.x - self.x.max(axis=1, keepdims=True))
            wrongs = (part / part.sum(axis=axis) for part in (powers, near) for axis in (0, None))
            for wrong in wrongs:
                yield "sum", np.asarray(-scale * (self.t * np.log(wrong)).sum())

    def _own(self) -> Suspects:
        y, labels = Softmax.function(self.x), self.t.argmax(axis=1)
        yield "labels_forgotten", y
        yield "labels_forgotten", -self.t
        yield "one_hot", y - labels[:, None]
        everywhere = y.copy()
        everywhere[:, labels] -= 1
        yield "one_hot", everywhere
        yield "one_hot", y - self.t.sum(axis=0)
        yield from (("one_hot", made) for made in self._confused(y))
        yield "softmax_forgotten", self.x - self.t
        yield "softmax_forgotten", -self.t / y
        yield "slope_wrong", (y - self.t) * y * (1 - y)
        yield "diagonal", -self.t * (1 - y)

    def _confused(self, y: Array) -> Iterator[Array]:
        """Yield what becomes of scores where one-hot rows are taken for class numbers, or the reverse."""
        rows, labels = self.t.astype(np.int64), self.t.argmax(axis=1)
        n = np.arange(len(y))
        places = (
            *((slice(None), rows[one]) for one in (0, -1)),
            *((n, rows[:, one]) for one in (0, -1)),
            *((n[:, None], rows), (rows,), (labels % len(y),), (n % len(y), labels[::-1])),
        )
        if rows.shape[0] == rows.shape[1]:
            places = (*places, (n, rows))
        for place in places:
            made = y.copy()
            made[place] -= 1
            yield made


class CrossEntropy(KnownLoss):
    """-Σ t · log x, of probabilities."""

    kind: ClassVar[str] = "cross_entropy"

    def _samples(self) -> Array:
        return -(self.t * np.log(self.x)).sum(axis=1)

    def _slopes(self) -> Array:
        return -self.t / self.x

    def _own(self) -> Suspects:
        yield "softmax_derivative", self.x - self.t


class SquaredError(KnownLoss):
    """Σ (x - t)²."""

    kind: ClassVar[str] = "squared_error"

    def _samples(self) -> Array:
        return ((self.x - self.t) ** 2).sum(axis=1)

    def _slopes(self) -> Array:
        return 2 * (self.x - self.t)


class BinaryCrossEntropy(KnownLoss):
    """-Σ t · log p + (1 - t) · log(1 - p), of scores: p = 1 / (1 + exp(-x))."""

    kind: ClassVar[str] = "binary_cross_entropy"

    def _samples(self) -> Array:
        return (np.logaddexp(0, self.x) - self.t * self.x).sum(axis=1)

    def _slopes(self) -> Array:
        return 1 / (1 + np.exp(-self.x)) - self.t

    def _own(self) -> Suspects:
        p = 1 / (1 + np.exp(-self.x))
        yield "labels_forgotten", p
        yield "slope_wrong", (p - self.t) * p * (1 - p)


class BinaryOfProbabilities(KnownLoss):
    """-Σ t · log x + (1 - t) · log(1 - x), of probabilities."""

    kind: ClassVar[str] = "binary_cross_entropy"

    def _samples(self) -> Array:
        x = np.clip(self.x, 1e-12, 1 - 1e-12)
        return -(self.t * np.log(x) + (1 - self.t) * np.log(1 - x)).sum(axis=1)

    def _slopes(self) -> Array:
        return (self.x - self.t) / (self.x * (1 - self.x))

    def _own(self) -> Suspects:
        yield "softmax_derivative", self.x - self.t
        yield "slope_wrong", -self.t / self.x


def known_losses(x: Array, t: Array) -> Iterator[KnownLoss]:
    """Yield the usual losses, each as a mean over the batch first and then as it is scaled elsewhere.

    Args:
        x: scores or probabilities.
        t: one-hot rows.
    """
    n = len(x)
    for scale in (1 / n, 1.0):
        yield SoftmaxCrossEntropy(x, t, scale)
        yield CrossEntropy(x, t, scale)
    if np.all((t == 0) | (t == 1)):
        for scale in (1 / n, 1 / x.size, 1.0):
            yield BinaryCrossEntropy(x, t, scale)
            yield BinaryOfProbabilities(x, t, scale)
    for scale in (1 / n, 0.5, 0.5 / n, 1 / x.size, 0.5 / x.size, 1.0):
        yield SquaredError(x, t, scale)
