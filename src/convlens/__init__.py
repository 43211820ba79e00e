"""ConvNets you can read, train in seconds on a CPU, look inside, and compare honestly.

>>> import convlens
>>> network = convlens.SimpleConvNet(seed=0)
>>> print(network)
<SimpleConvNet: 6 layers, 433,890 parameters>

Everything here is loaded when it is first used, so that `import convlens` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convlens.data import load_mnist
    from convlens.errors import ConvlensError
    from convlens.layers import (
        Affine,
        Convolution,
        Pooling,
        Relu,
        Sigmoid,
        SoftmaxWithLoss,
        numerical_gradient,
    )
    from convlens.networks import LeNet, Network, SimpleConvNet
    from convlens.runs import Run, RunConfig, train_run
    from convlens.spec import NetworkSpec
    from convlens.training import Trainer

__all__ = [
    "Affine",
    "ConvlensError",
    "Convolution",
    "LeNet",
    "Network",
    "NetworkSpec",
    "Pooling",
    "Relu",
    "Run",
    "RunConfig",
    "Sigmoid",
    "SimpleConvNet",
    "SoftmaxWithLoss",
    "Trainer",
    "load_mnist",
    "numerical_gradient",
    "train_run",
]

_ROOMS = {
    "data": ("load_mnist",),
    "errors": ("ConvlensError",),
    "layers": (
        "Affine",
        "Convolution",
        "Pooling",
        "Relu",
        "Sigmoid",
        "SoftmaxWithLoss",
        "numerical_gradient",
    ),
    "networks": ("LeNet", "Network", "SimpleConvNet"),
    "runs": ("Run", "RunConfig", "train_run"),
    "spec": ("NetworkSpec",),
    "training": ("Trainer",),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name in _HOME:
        return getattr(import_module(f"convlens.{_HOME[name]}"), name)
    raise AttributeError(f"module 'convlens' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
