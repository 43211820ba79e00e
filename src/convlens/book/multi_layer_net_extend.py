"""MultiLayerNetExtend, MultiLayerNet with dropout and batch normalisation: the book's chapter 6."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np

from convlens.arguments import Count, Share, as_annotated
from convlens.book.batch_normalization import BatchNormalization
from convlens.book.dropout import Dropout
from convlens.book.multi_layer_net import MultiLayerNet

__all__ = ["MultiLayerNetExtend"]


class MultiLayerNetExtend(MultiLayerNet):
    """(affine - batch normalisation - activation - dropout) for each hidden layer - affine - softmax.

    Args:
        input_size, hidden_size_list, output_size, activation, weight_init_std, weight_decay_lambda: as
            MultiLayerNet takes them.
        use_dropout: whether a dropout stands behind each activation.
        dropout_ration: its share of silent units (so spelt in the book).
        use_batchnorm: whether a batch normalisation stands before each activation; its gamma1, beta1, … are
            parameters, its running statistics are not.

    Reference: Saito, "Deep Learning from Scratch", `common/multi_layer_net_extend.py`.
    """

    @as_annotated
    def __init__(
        self,
        input_size: Count,
        hidden_size_list: Sequence[Count],
        output_size: Count,
        activation: str = "relu",
        weight_init_std: float | str = "relu",
        weight_decay_lambda: float = 0,
        use_dropout: bool = False,
        dropout_ration: Share = 0.5,
        use_batchnorm: bool = False,
    ) -> None:
        super().__init__(
            input_size, hidden_size_list, output_size, activation, weight_init_std, weight_decay_lambda
        )
        self.use_dropout, self.use_batchnorm = use_dropout, use_batchnorm
        layers: OrderedDict[str, Any] = OrderedDict()
        for name, layer in self.layers.items():
            number = name.removeprefix("Activation_function")
            is_activation = number != name
            if is_activation and use_batchnorm:
                layers[f"BatchNorm{number}"] = self._normalization(number)
            layers[name] = layer
            if is_activation and use_dropout:
                layers[f"Dropout{number}"] = Dropout(dropout_ration)
        self.layers = layers

    def _normalization(self, number: str) -> BatchNormalization:
        """Return a batch normalisation, whose scale and shift become parameters of the network."""
        size = self.hidden_size_list[int(number) - 1]
        gamma, beta = f"gamma{number}", f"beta{number}"
        self.params[gamma], self.params[beta] = np.ones(size), np.zeros(size)
        name = f"BatchNorm{number}"
        self._places = {**self._places, gamma: (name, "gamma"), beta: (name, "beta")}
        return BatchNormalization(self.params[gamma], self.params[beta])
