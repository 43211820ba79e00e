"""Dropout as the book has it: while training some units are silent, afterwards all speak more softly."""

import numpy as np

from convlens import layers
from convlens._typing import Array
from convlens.arguments import Share, as_annotated
from convlens.arrays import as_numbers
from convlens.book.training_flag import is_training
from convlens.errors import OrderError
from convlens.layers.layer import checked_gradient

__all__ = ["Dropout"]


class Dropout:
    """Training: out = x · mask, mask = 1 with probability 1 - ratio. Else: out = x · (1 - ratio).

    The mask is drawn from the global `np.random`, as in the book, so that `np.random.seed` decides it.

    Args:
        dropout_ratio: the share of units that are silent, 0 to 1.

    Attributes:
        mask: which units spoke in the latest forward of a training (bool, the input's shape).

    Reference: Hinton et al., "Improving neural networks by preventing co-adaptation of feature detectors",
    2012, https://arxiv.org/abs/1207.0580.
    """

    @as_annotated
    def __init__(self, dropout_ratio: Share = 0.5) -> None:
        self.dropout_ratio = dropout_ratio
        self.mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] | None = None

    def forward(self, x: Array, train_flg: bool = True) -> Array:
        """Any shape → the same shape."""
        x = as_numbers("`x` of Dropout", x)
        if not is_training(train_flg, "Dropout"):
            return x * (1.0 - self.dropout_ratio)
        self.mask = np.random.rand(*x.shape) > self.dropout_ratio  # noqa: NPY002 (the book's contract)
        return x * self.mask

    def stand_in(self) -> layers.Dropout | None:
        """Return a network's layer that computes the same; None for a ratio of 1, which it does not take."""
        return layers.Dropout(self.dropout_ratio, variant="book") if self.dropout_ratio < 1 else None

    def backward(self, dout: Array) -> Array:
        """Return dx = dout · mask: who was silent has no part in the loss."""
        if self.mask is None:
            raise OrderError("Dropout.backward needs a forward of a training before it: forward(x, True).")
        return checked_gradient(dout, np.shape(self.mask), "Dropout") * self.mask
