"""Dropout: in training some numbers, drawn anew at each step, become zero."""

from math import prod

import numpy as np

from convlens import spec
from convlens._typing import Array
from convlens.arrays import as_numbers
from convlens.errors import OrderError, UsageError, shown
from convlens.layers.batch import Batch
from convlens.layers.layer import Layer, checked_gradient, checked_switch
from convlens.streams import counted

__all__ = ["Dropout", "dropped_below"]


class Dropout(Layer):
    """out = x / (1 - ratio) where x is kept, 0 where it is dropped; in testing out = x.

    What is kept is made larger by as much as is missing, so that the sums behind it stay on average what they
    are in testing. The book's variant keeps it as it is, and gives (1 - ratio) x in testing.

    What is dropped follows from (seed, step, sample, layer) alone. In a network of one's own, which gives no
    batch, and for the book's variant it is drawn from NumPy's global stream.

    Args:
        ratio: the share that is dropped, 0 or more and below 1.
        variant: "standard" or "book".

    Attributes:
        mask: where x was kept in the latest forward (bool, the input's shape).
        factor: what was kept in the latest forward was multiplied with it.

    Raises:
        SpecError: the ratio is out of range.
    """

    computes = spec.Dropout
    remembered = ("mask",)

    def __init__(self, ratio: float = 0.5, variant: str = "standard") -> None:
        said = spec.Dropout(ratio, variant)
        self.ratio, self.variant, self.factor = said.ratio, said.variant, 1.0
        self.mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] | None = None

    def forward(self, x: Array, train: bool = False, batch: Batch | None = None) -> Array:
        """Any shape → the same shape."""
        x = as_numbers("`x` of Dropout", x)
        x = x if x.dtype.kind == "f" else x.astype(np.float64)
        if checked_switch(train, "Dropout"):
            self.mask = self._drawn(x.shape, batch)
            self.factor = 1.0 if self.variant == "book" else 1 / (1 - self.ratio)
        else:
            self.mask = np.broadcast_to(True, x.shape)
            self.factor = 1 - self.ratio if self.variant == "book" else 1.0
        return _chosen(self.mask, x, self.factor)

    def backward(self, dout: Array) -> Array:
        """Return dx = factor · dout where x was kept, else 0."""
        if self.mask is None:
            raise OrderError("Dropout.backward needs a forward before it: call its forward first.")
        return _chosen(self.mask, checked_gradient(dout, self.mask.shape, "Dropout"), self.factor)

    def _drawn(
        self, shape: tuple[int, ...], batch: Batch | None
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Return what is kept of a batch in training."""
        if batch is None or self.variant == "book":
            kept = np.random.rand(*shape) > self.ratio  # noqa: NPY002 (the book's contract)
            return np.asarray(kept)
        if not isinstance(batch, Batch):
            raise UsageError(f"`batch` of Dropout.forward must be a Batch or None. Got {shown(batch)}.")
        drawn = counted(batch.sample_keys("dropout"), prod(shape[1:]))
        return drawn.reshape(shape) >= dropped_below(self.ratio)


def _chosen(mask: Array, x: Array, factor: float) -> Array:
    """Return factor · x where the mask says so, else 0: what is infinite there does not go on as NaN."""
    kept: Array = np.where(mask, x * x.dtype.type(factor), x.dtype.type(0))
    return kept


def dropped_below(ratio: float) -> np.uint32:
    """Return the number below which one of `counted`, from 0 to 2³² - 1, means that a place is dropped."""
    return np.uint32(min(round(ratio * 2**32), 2**32 - 1))
