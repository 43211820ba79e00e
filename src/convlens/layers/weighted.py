"""What affine layers and convolutions share: weights, a bias, and their derivatives. Must not know either."""

import numpy as np

from convlens._typing import Array
from convlens.layers.layer import Layer

__all__ = ["Weighted"]


class Weighted(Layer):
    """A layer whose outputs are sums of its inputs, each times a weight, plus a bias.

    Args:
        W: weights.
        b: one bias an output, or the number 0 for none.

    Attributes:
        dW, db: the loss's derivatives by W and b, from the latest backward.
    """

    trained = ("W", "b")

    def __init__(self, W: Array, b: Array | float) -> None:
        self.W = np.asarray(W)
        self.b = np.asarray(b) if np.ndim(b) else b  # 0 is no bias
        self.x: Array | None = None
        self.dW: Array | None = None
        self.db: Array | None = None

    @property
    def n_outputs(self) -> int:
        """How many filters or units it has: as many as biases."""
        raise NotImplementedError
