"""The book's chapter 4: `from convlens.book.chapter4 import *` gives all names, and its TwoLayerNet.

It has the name of chapter 5's and computes something else: a sigmoid in the hidden layer, probabilities from
`predict`, and its derivatives are written out, without layers.
"""

from typing import Any

import numpy as np

from convlens import book
from convlens._typing import Array, IntArray
from convlens.arguments import Count, as_annotated
from convlens.arrays import as_numbers
from convlens.book import *  # noqa: F403 (the same names are the point)
from convlens.book.first_weights import first_weights
from convlens.book.live_arrays import LiveArrays
from convlens.errors import ShapeError
from convlens.layers import class_numbers, numerical_gradient
from convlens.layers.functions import cross_entropy_error, sigmoid, softmax

__all__ = book.__all__


class TwoLayerNet:  # type: ignore[no-redef]
    """affine - sigmoid - affine - softmax.

    Args:
        input_size: values of one sample, such as 784.
        hidden_size: units of the hidden layer.
        output_size: classes.
        weight_init_std: standard deviation of the first weights, from the global `np.random`.

    Attributes:
        params: W1, b1, W2, b2.

    Reference: Saito, "Deep Learning from Scratch", section 4.5.
    """

    @as_annotated
    def __init__(
        self, input_size: Count, hidden_size: Count, output_size: Count, weight_init_std: float = 0.01
    ) -> None:
        self.params = LiveArrays(first_weights([input_size, hidden_size, output_size], weight_init_std))

    def predict(self, x: Array) -> Array:
        """Return the probabilities (N, classes) of samples (N, input_size)."""
        return self._forward(x)[2]

    def loss(self, x: Array, t: IntArray) -> float:
        """Return the mean cross-entropy for labels `t`, class numbers or one-hot rows."""
        return cross_entropy_error(self.predict(x), t)

    def accuracy(self, x: Array, t: IntArray) -> float:
        """Return the share of right answers, 0 to 1."""
        y = self.predict(x)
        return float(np.mean(y.argmax(axis=1) == class_numbers(t, *y.shape)))

    def gradient(self, x: Array, t: IntArray) -> dict[str, Array]:
        """Return the loss's derivatives by `params`, each written out by the chain rule."""
        x, z1, y = self._forward(x)
        dy = y.copy()  # by the softmax's input: y - one-hot(t), over the number of samples
        dy[np.arange(len(y)), class_numbers(t, *y.shape)] -= 1
        dy /= len(y)
        da1 = z1 * (1 - z1) * (dy @ self.params["W2"].T)
        return {"W1": x.T @ da1, "b1": da1.sum(axis=0), "W2": z1.T @ dy, "b2": dy.sum(axis=0)}

    def numerical_gradient(self, x: Array, t: IntArray) -> dict[str, Array]:
        """Return the same derivatives found by trying, twice for every single number (slow)."""

        def loss(_: Any) -> float:  # noqa: ANN401 (the parameter has been moved in place)
            return self.loss(x, t)

        return {name: numerical_gradient(loss, value) for name, value in self.params.items()}

    def _forward(self, x: Array) -> tuple[Array, Array, Array]:
        """Return the samples, the hidden units and the probabilities."""
        p, x = self.params, as_numbers("`x` of TwoLayerNet", x)
        if x.ndim != 2 or x.shape[1] != len(p["W1"]) or not len(x):
            rule = f"(N, {len(p['W1'])}), N ≥ 1"
            raise ShapeError(f"`x` of TwoLayerNet must be {rule}. Got {x.shape}.")
        z1 = sigmoid(x @ p["W1"] + p["b1"])
        return x, z1, softmax(z1 @ p["W2"] + p["b2"])
