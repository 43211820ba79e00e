"""What the book's networks have in common: layers over named arrays, and a loss. Must not know any one.

They are plain NumPy in float64, after the book, and draw from the global `np.random`. A Trainer puts one on
the engine where that computes the same.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arrays import as_numbers
from convlens.book.dropout import Dropout
from convlens.book.live_arrays import LiveArrays
from convlens.book.training_flag import is_training
from convlens.errors import DataError, MissingArrayError, ShapeError
from convlens.layers import (
    LAYERS,
    Layer,
    SoftmaxWithLoss,
    class_numbers,
    forward_in_batch,
    numerical_gradient,
)
from convlens.networks.saved import found_file, path_of
from convlens.networks.weights import read_arrays, write_arrays

__all__ = ["LayeredNetwork", "share_of_right"]

_Place: TypeAlias = tuple[str | int, str]


class LayeredNetwork:
    """Layers in the order of the forward pass, and softmax with cross-entropy behind them.

    Attributes:
        params: all that is trained, by name: the arrays that the layers hold.
        layers: by name, or in a list.
        last_layer: the loss.
        weight_decay_lambda: λ of ½ λ Σ W², which is added to the loss.
    """

    loss_layer: ClassVar[type[SoftmaxWithLoss]] = SoftmaxWithLoss
    """What the last layer is."""

    params: dict[str, Array]
    layers: Any

    def __init__(
        self,
        params: Mapping[str, Array],
        layers: OrderedDict[str, Any] | list[Any],
        places: Mapping[str, _Place],
        weight_decay_lambda: float = 0,
    ) -> None:
        self.params = LiveArrays(params)
        self.layers = layers
        self.last_layer = self.loss_layer()
        self.weight_decay_lambda = weight_decay_lambda
        self._places = places  # of each parameter: its layer, and what it is called there

    def predict(self, x: Array, train_flg: bool = False) -> Array:
        """Return scores (N, classes) of samples (N, …); `train_flg`: as in training, dropout included."""
        owner = type(self).__name__
        x, train = as_numbers(f"`x` of {owner}", x), is_training(train_flg, owner)
        for layer in self._chain():
            x = forward_in_batch(layer, x, train, None)
        return x

    def loss(self, x: Array, t: IntArray, train_flg: bool = False) -> float:
        """Return the mean cross-entropy for labels `t`, numbers or one-hot rows, and the weight decay."""
        loss = self.last_layer.forward(self.predict(x, train_flg), t)
        if not self.weight_decay_lambda:
            return loss
        weights = (value for name, value in self.params.items() if self._is_weight(name))
        return loss + sum(0.5 * self.weight_decay_lambda * float(np.sum(W**2)) for W in weights)

    def accuracy(self, x: Array, t: IntArray) -> float:
        """Return the share of right answers, 0 to 1."""
        return share_of_right(type(self).__name__, self.predict(x), t)

    def gradient(self, x: Array, t: IntArray) -> dict[str, Array]:
        """Return the loss's derivatives by `params`, found by going backward through the layers."""
        self.loss(x, t, train_flg=True)
        dout = self.last_layer.backward(1)
        for layer in reversed(list(self._chain())):
            dout = layer.backward(dout)
        return {name: self._derivative(name) for name in self._places}

    def numerical_gradient(self, x: Array, t: IntArray) -> dict[str, Array]:
        """Return the same derivatives found by trying, twice for every single number (slow)."""

        def loss(_: Array) -> float:
            return self.loss(x, t, train_flg=True)

        return {name: numerical_gradient(loss, self.params[name]) for name in self._places}

    def stand_ins(self) -> list[Layer] | None:
        """Return layers of a network's, over these parameters, that compute the same; None if there are none.

        A Trainer asks for them. What a class derived from one of ours computes, nobody knows.
        """
        if not type(self).__module__.startswith("convlens.") or self.weight_decay_lambda:
            return None
        found = [one.stand_in() if type(one) is Dropout else one for one in self._chain()]
        known = [one for one in found if isinstance(one, Layer) and type(one) in LAYERS.values()]
        return known if len(known) == len(found) else None

    def save_params(self, file_name: str | Path = "params.pkl") -> None:
        """Write `params`: as the book's pickle if the name ends in .pkl, else as safetensors."""
        write_arrays(path_of(file_name), self.params)

    def load_params(self, file_name: str | Path = "params.pkl") -> None:
        """Read what `save_params` wrote, or the book's own file.

        A name without a folder is looked for in the working folder, as in the Japanese edition, and then
        beside the script that runs, as in the Korean one.

        Raises:
            DataError: the file is missing (a FileNotFoundError, too) or damaged.
                It lacks one of the parameters (a KeyError, too), or has another network's.
        """
        path = found_file(file_name)
        arrays = read_arrays(path)
        for name, value in self.params.items():
            if name not in arrays:
                there_are = ", ".join(arrays) or "none"
                raise MissingArrayError(f"there is no `{name}` in {path}. There are: {there_are}.")
            if arrays[name].shape != value.shape:
                rule = f"{value.shape}. Got {arrays[name].shape}"
                raise DataError(f"`{name}` in {path} does not fit {type(self).__name__}: it must be {rule}.")
        for name in self.params:
            self.params[name] = arrays[name]

    def _chain(self) -> Iterable[Any]:
        """Return the layers in order; a dict or a list, whichever they are now."""
        return self.layers.values() if isinstance(self.layers, dict) else self.layers

    def _is_weight(self, name: str) -> bool:
        return self._places[name][1] == "W"

    def _derivative(self, name: str) -> Array:
        place, key = self._places[name]
        layer = self.layers[place]
        derivative: Array = getattr(layer, f"d{key}")
        if self.weight_decay_lambda and self._is_weight(name):
            return derivative + self.weight_decay_lambda * getattr(layer, key)
        return derivative


def share_of_right(owner: str, scores: Array, t: IntArray) -> float:
    """Return how many of the scores (N, classes) are highest for the class that `t` names, 0 to 1."""
    numbers = class_numbers(t, *scores.shape)
    if not len(numbers):
        raise ShapeError(f"{owner} can only be judged on one sample or more. Got none.")
    return float(np.mean(scores.argmax(axis=1) == numbers))
