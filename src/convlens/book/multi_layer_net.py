"""MultiLayerNet, the fully connected network of the book's chapter 6."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from convlens.arguments import Count, as_annotated
from convlens.book.first_weights import first_weights
from convlens.book.layered_network import LayeredNetwork
from convlens.errors import MissingKeyError, did_you_mean, shown
from convlens.layers import Affine, Relu, Sigmoid

__all__ = ["MultiLayerNet", "activation_named"]

_ACTIVATIONS: dict[str, type[Sigmoid | Relu]] = {"sigmoid": Sigmoid, "relu": Relu}


def activation_named(name: str) -> Sigmoid | Relu:
    """Return a layer of its own.

    Raises:
        MissingKeyError: there is no such one.
    """
    if name not in _ACTIVATIONS:
        rule = f"`activation` must be one of {', '.join(_ACTIVATIONS)}"
        raise MissingKeyError(f"{rule}. Got {shown(name)}.{did_you_mean(name, _ACTIVATIONS)}")
    return _ACTIVATIONS[name]()


class MultiLayerNet(LayeredNetwork):
    """(affine - activation) for each hidden layer - affine - softmax, with weight decay.

    Args:
        input_size: values of one sample, such as 784.
        hidden_size_list: units of each hidden layer.
        output_size: classes.
        activation: "relu" or "sigmoid".
        weight_init_std: standard deviation of the first weights, or "relu" or "he" for √(2/inputs), "sigmoid"
            or "xavier" for √(1/inputs).
        weight_decay_lambda: λ of ½ λ Σ W², which is added to the loss.

    Reference: Saito, "Deep Learning from Scratch", `common/multi_layer_net.py`.
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
    ) -> None:
        self.input_size, self.output_size = input_size, output_size
        self.hidden_size_list, self.hidden_layer_num = hidden_size_list, len(hidden_size_list)
        params = first_weights([input_size, *hidden_size_list, output_size], weight_init_std)
        layers: OrderedDict[str, Any] = OrderedDict()
        places: dict[str, tuple[str, str]] = {}
        last = self.hidden_layer_num + 1
        for number in range(1, last + 1):
            name = f"Affine{number}"
            layers[name] = Affine(params[f"W{number}"], params[f"b{number}"])
            places |= {f"{key}{number}": (name, key) for key in ("W", "b")}
            if number < last:
                layers[f"Activation_function{number}"] = activation_named(activation)
        super().__init__(params, layers, places, weight_decay_lambda)
