"""What affine layers and convolutions share: weights, a bias, and their derivatives. Must not know either."""

from convlens._typing import Array
from convlens.arrays import as_array, as_numbers
from convlens.layers.layer import Layer

__all__ = ["Weighted", "weights_given"]


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
        self.W, self.b = W, b
        self.x: Array | None = None
        self.dW: Array | None = None
        self.db: Array | None = None

    @property
    def n_outputs(self) -> int:
        """How many filters or units it has: as many as biases."""
        raise NotImplementedError


def weights_given(owner: str, W: Array, b: Array | float) -> tuple[Array, Array | float]:
    """Return weights and biases as arrays, themselves where they are; the number 0 stays: it is no bias."""
    bias = as_array(f"`b` of {owner}", b)
    return as_numbers(f"`W` of {owner}", W), bias if bias.ndim else b
