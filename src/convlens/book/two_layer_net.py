"""TwoLayerNet, the network of the book's chapter 5: two affine layers, ReLU between them."""

from collections import OrderedDict
from typing import Any

from convlens.arguments import Count, as_annotated
from convlens.book.first_weights import first_weights
from convlens.book.layered_network import LayeredNetwork
from convlens.layers import Affine, Relu

__all__ = ["TwoLayerNet"]


class TwoLayerNet(LayeredNetwork):
    """affine - ReLU - affine - softmax.

    Args:
        input_size: values of one sample, such as 784.
        hidden_size: units of the hidden layer.
        output_size: classes.
        weight_init_std: standard deviation of the first weights.

    Attributes:
        lastLayer: the book's name of `last_layer` in this chapter.

    Reference: Saito, "Deep Learning from Scratch", section 5.7. That of chapter 4, which has a sigmoid in the
    place of the ReLU, is in `convlens.book.chapter4`.
    """

    @as_annotated
    def __init__(
        self, input_size: Count, hidden_size: Count, output_size: Count, weight_init_std: float = 0.01
    ) -> None:
        params = first_weights([input_size, hidden_size, output_size], weight_init_std)
        layers: OrderedDict[str, Any] = OrderedDict(
            Affine1=Affine(params["W1"], params["b1"]),
            Relu1=Relu(),
            Affine2=Affine(params["W2"], params["b2"]),
        )
        places = {f"{key}{number}": (f"Affine{number}", key) for number in (1, 2) for key in ("W", "b")}
        super().__init__(params, layers, places)
        self.lastLayer = self.last_layer
