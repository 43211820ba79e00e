"""The same names under the book's protocol: `from convlens.book.exact import *`.

float64 and the readable layers, batches drawn with replacement, weights and batches from the global
`np.random`, a second loss after each update, an evaluation after each epoch's first update, epochs of
n / batch size updates even where that is a fraction: a fixed `np.random.seed` gives the book's own list of
losses. `convlens.book.korean` has what the Korean edition does otherwise.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from convlens import book
from convlens.book import *  # noqa: F403 (the same names are the point)
from convlens.layers import BookSoftmaxWithLoss
from convlens.networks import SimpleConvNet as _SimpleConvNet
from convlens.training import Trainer as _Trainer
from convlens.training.protocols import FractionalBookProtocol, TrainingProtocol, protocol_named

__all__ = book.__all__

SoftmaxWithLoss = BookSoftmaxWithLoss  # type: ignore[misc]


class TwoLayerNet(book.TwoLayerNet):  # type: ignore[no-redef]
    """The book's TwoLayerNet with the book's loss; see `convlens.book.TwoLayerNet`."""

    loss_layer = BookSoftmaxWithLoss


class MultiLayerNet(book.MultiLayerNet):  # type: ignore[no-redef]
    """The book's MultiLayerNet with the book's loss; see `convlens.book.MultiLayerNet`."""

    loss_layer = BookSoftmaxWithLoss


class MultiLayerNetExtend(book.MultiLayerNetExtend):  # type: ignore[no-redef]
    """The book's MultiLayerNetExtend with the book's loss; see `convlens.book.MultiLayerNetExtend`."""

    loss_layer = BookSoftmaxWithLoss


class DeepConvNet(book.DeepConvNet):  # type: ignore[no-redef]
    """The book's DeepConvNet with the book's loss and first weights; see `convlens.book.DeepConvNet`."""

    loss_layer = BookSoftmaxWithLoss
    fan_ins = (9, 144, 144, 288, 288, 576, 1024)  # as the book writes them down, whatever the filters are


class SimpleConvNet(_SimpleConvNet):  # type: ignore[no-redef]
    """The book's SimpleConvNet in the book's arithmetic; see `convlens.SimpleConvNet`."""

    def __init__(
        self,
        input_dim: Sequence[int] = (1, 28, 28),
        conv_param: Mapping[str, int] | None = None,
        hidden_size: int = 100,
        output_size: int = 10,
        weight_init_std: float | str = 0.01,
    ) -> None:
        super().__init__(input_dim, conv_param, hidden_size, output_size, weight_init_std, protocol="book")


class Trainer(_Trainer):  # type: ignore[no-redef]
    """The Trainer under the book's protocol, whatever it trains; see `convlens.Trainer`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **{"protocol": "book", **kwargs})

    @staticmethod
    def _protocol_of(name: str, seed: int) -> TrainingProtocol:
        return FractionalBookProtocol() if name == "book" else protocol_named(name, seed)
