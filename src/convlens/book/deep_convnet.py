"""DeepConvNet, the network of the book's chapter 8: six convolutions, and dropout in the last layers."""

from collections.abc import Iterator, Mapping, Sequence
from math import prod, sqrt
from typing import Any, ClassVar

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arguments import Count, as_annotated, fits
from convlens.arrays import as_numbers
from convlens.book.dropout import Dropout
from convlens.book.layered_network import LayeredNetwork, share_of_right
from convlens.errors import MissingKeyError, ShapeError, UsageError, shown
from convlens.layers import Affine, Convolution, Pooling, Relu

__all__ = ["DeepConvNet"]

_SETTINGS = ("filter_num", "filter_size", "pad", "stride")
_USUAL = ((16, 3, 1, 1), (16, 3, 1, 1), (32, 3, 1, 1), (32, 3, 2, 1), (64, 3, 1, 1), (64, 3, 1, 1))


class DeepConvNet(LayeredNetwork):
    """(conv - ReLU - conv - ReLU - pool) three times, affine - ReLU - dropout - affine - dropout - softmax.

    Args:
        input_dim: (channels, height, width).
        conv_param_1, …, conv_param_6: `filter_num`, `filter_size`, `pad`, `stride` of each convolution; None
            for the book's: 16, 16, 32, 32, 64, 64 filters of 3 x 3, padded by 1, the fourth by 2.
        hidden_size: units of the hidden affine layer.
        output_size: classes.

    Attributes:
        layers: the twenty layers in a list; those with weights are 0, 2, 5, 7, 10, 12, 15 and 18.

    Reference: Saito, "Deep Learning from Scratch", section 8.1.
    """

    fan_ins: ClassVar[tuple[int, ...] | None] = None
    """Of the first seven weights, whatever their shapes are; None for those that they have."""

    @as_annotated
    def __init__(
        self,
        input_dim: Sequence[Count] = (1, 28, 28),
        conv_param_1: Mapping[str, int] | None = None,
        conv_param_2: Mapping[str, int] | None = None,
        conv_param_3: Mapping[str, int] | None = None,
        conv_param_4: Mapping[str, int] | None = None,
        conv_param_5: Mapping[str, int] | None = None,
        conv_param_6: Mapping[str, int] | None = None,
        hidden_size: Count = 50,
        output_size: Count = 10,
    ) -> None:
        given = (conv_param_1, conv_param_2, conv_param_3, conv_param_4, conv_param_5, conv_param_6)
        param = [_conv_param(number, one) for number, one in enumerate(given, 1)]
        shapes = [*_shapes(_picture(input_dim), param, hidden_size), (hidden_size, output_size)]
        params = self._first_weights(shapes)
        layers: list[Any] = []
        for number, (_, _, pad, stride) in enumerate(param, 1):
            layers += [Convolution(params[f"W{number}"], params[f"b{number}"], stride, pad), Relu()]
            if number % 2 == 0:
                layers.append(Pooling(2, 2, 2))
        layers += [Affine(params["W7"], params["b7"]), Relu(), Dropout(0.5)]
        layers += [Affine(params["W8"], params["b8"]), Dropout(0.5)]
        weighted = [place for place, layer in enumerate(layers) if isinstance(layer, Convolution | Affine)]
        places = {f"{k}{number}": (at, k) for number, at in enumerate(weighted, 1) for k in ("W", "b")}
        super().__init__(params, layers, places)

    def loss(self, x: Array, t: IntArray, train_flg: bool = True) -> float:
        """Return the mean cross-entropy for labels `t`; as in the book with dropout, unless it is said."""
        return super().loss(x, t, train_flg)

    def accuracy(self, x: Array, t: IntArray, batch_size: int = 100) -> float:
        """Return the share of right answers, 0 to 1, found `batch_size` pictures at a time."""
        if not fits(batch_size, Count):
            raise UsageError(f"`batch_size` of accuracy must be a positive int. Got {shown(batch_size)}.")
        x = as_numbers("`x` of DeepConvNet", x)
        if x.ndim != 4 or len(x) <= batch_size:
            return super().accuracy(x, t)
        starts = range(0, len(x), batch_size)
        scores = np.concatenate([self.predict(x[at : at + batch_size]) for at in starts])
        return share_of_right(type(self).__name__, scores, t)

    def _first_weights(self, shapes: Sequence[tuple[int, ...]]) -> dict[str, Array]:
        """Return W1, b1, … with weights after He, from the global `np.random`, as in the book."""
        params = {}
        for number, shape in enumerate(shapes, 1):
            inputs = prod(shape[1:]) if len(shape) == 4 else shape[0]
            if self.fan_ins is not None and number <= len(self.fan_ins):
                inputs = self.fan_ins[number - 1]
            params[f"W{number}"] = sqrt(2 / inputs) * np.random.randn(*shape)  # noqa: NPY002
            params[f"b{number}"] = np.zeros(shape[0] if len(shape) == 4 else shape[1])
        return params


def _picture(input_dim: Sequence[int]) -> tuple[int, int, int]:
    if len(input_dim) != 3:
        rule = "(channels, height, width)"
        raise ShapeError(f"`input_dim` of DeepConvNet must be {rule}. Got {shown(tuple(input_dim))}.")
    channels, height, width = input_dim
    return channels, height, width


def _conv_param(number: int, given: Mapping[str, int] | None) -> tuple[int, int, int, int]:
    """Return the filters, their size, pad and stride of a convolution."""
    owner = f"`conv_param_{number}` of DeepConvNet"
    param = dict(zip(_SETTINGS, _USUAL[number - 1], strict=True)) if given is None else given
    missing = [key for key in _SETTINGS if key not in param]
    if missing:
        raise MissingKeyError(f"{owner} needs {', '.join(_SETTINGS)}. There is no {missing[0]}.")
    filters, size, pad, stride = (param[key] for key in _SETTINGS)
    if min(filters, size, stride) < 1 or pad < 0 or max(filters, size, pad, stride) > 10_000:
        rule = "positive ints, and a pad of 0 or more"
        raise UsageError(f"{owner} must hold {rule}. Got {shown(dict(param))}.")
    return filters, size, pad, stride


def _shapes(
    picture: tuple[int, int, int], param: Sequence[tuple[int, int, int, int]], hidden_size: int
) -> Iterator[tuple[int, ...]]:
    """Yield the shapes of the convolutions' filters and of the first affine layer's weights."""
    channels, height, width = picture
    for number, (filters, size, pad, stride) in enumerate(param, 1):
        yield filters, channels, size, size
        channels = filters
        height, width = ((side + 2 * pad - size) // stride + 1 for side in (height, width))
        if number % 2 == 0:
            height, width = height // 2, width // 2
        if min(height, width) < 1:
            raise ShapeError(f"nothing is left of {picture} behind convolution {number} of DeepConvNet.")
    yield channels * height * width, hidden_size
