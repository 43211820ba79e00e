"""What the Korean edition does otherwise: `from convlens.book.korean import *`.

All else is `convlens.book.exact`, whose names follow the Japanese edition's latest state. Here Nesterov moves
by the velocity that it has just updated, and `load_params` looks beside the script before it looks in the
working folder.
"""

from pathlib import Path
from typing import Any

from convlens._typing import Array
from convlens.book import exact
from convlens.book.exact import *  # noqa: F403 (the same names are the point)
from convlens.networks.saved import found_file
from convlens.training import Nesterov as _Nesterov

__all__ = exact.__all__


class Nesterov(_Nesterov):
    """v ← momentum · v - lr · g;  p ← p + momentum² · v - (1 + momentum) · lr · g, with the new v."""

    def rule(self, p: Array, g: Array, *memory: Array) -> None:
        (v,) = memory
        v *= self.momentum
        v -= self.lr * g
        p += self.momentum * self.momentum * v
        p -= (1 + self.momentum) * self.lr * g


class Trainer(exact.Trainer):
    """The Trainer of `convlens.book.exact`, whose optimizer "Nesterov" is the Korean edition's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        if type(self.optimizer) is _Nesterov:
            self.optimizer = Nesterov(self.optimizer.lr, self.optimizer.momentum)


class SimpleConvNet(exact.SimpleConvNet):
    """The SimpleConvNet of `convlens.book.exact`, which reads its parameters beside the script."""

    def load_params(self, file_name: str | Path = "params.pkl") -> None:
        super().load_params(found_file(file_name, is_beside_first=True))


class DeepConvNet(exact.DeepConvNet):
    """The DeepConvNet of `convlens.book.exact`, which reads its parameters beside the script."""

    def load_params(self, file_name: str | Path = "params.pkl") -> None:
        super().load_params(found_file(file_name, is_beside_first=True))
