"""What one layer computes, in plain NumPy, written to be read. Must not know Numba or training.

Each layer has one small file: the class, its formula, `forward`, `backward`. A file needs no line here:
`LAYERS` holds every class of this folder that says which spec it computes, and each is a name of this room.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.layers.affine import Affine
from convlens.layers.batch import Batch, forward_in_batch, sample_numbers, wants
from convlens.layers.convolution import Convolution
from convlens.layers.functions import smooth_curve
from convlens.layers.gradient import numerical_gradient
from convlens.layers.layer import Layer
from convlens.layers.patches import col2im, im2col
from convlens.layers.pooling import Pooling
from convlens.layers.relu import Relu
from convlens.layers.residual import Residual
from convlens.layers.sigmoid import Sigmoid
from convlens.layers.softmax_with_loss import BookSoftmaxWithLoss, SoftmaxWithLoss, class_numbers
from convlens.spec import KINDS, LayerSpec

__all__ = [
    "LAYERS",
    "Affine",
    "Batch",
    "BookSoftmaxWithLoss",
    "Convolution",
    "Layer",
    "Pooling",
    "Relu",
    "Residual",
    "Sigmoid",
    "SoftmaxWithLoss",
    "build",
    "class_numbers",
    "col2im",
    "forward_in_batch",
    "im2col",
    "numerical_gradient",
    "sample_numbers",
    "smooth_curve",
    "wants",
]


def _classes() -> Iterator[type[Layer]]:
    """Yield the layers that the files of this folder hold."""
    for found in iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        for thing in vars(module).values():
            is_layer = isinstance(thing, type) and issubclass(thing, Layer)
            if is_layer and thing.__module__ == module.__name__ and "computes" in vars(thing):
                yield thing


_BY_KIND = {made.computes.kind: made for made in _classes()}

LAYERS: dict[str, type[Layer]] = {kind: _BY_KIND[kind] for kind in KINDS if kind in _BY_KIND}
"""Kind of a layer → the class that computes it, in the order of the specs."""

_BY_NAME = {made.__name__: made for made in LAYERS.values()}
__all__ += [name for name in _BY_NAME if name not in globals()]


def __getattr__(name: str) -> Any:  # noqa: ANN401 (a class)
    """Return a layer that has no line of its own above."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@as_annotated
def build(layer: LayerSpec, **parameters: Array) -> Layer:
    """Return the layer that computes `layer` with `parameters` (live arrays by key, such as W and b)."""
    return LAYERS[layer.kind].from_spec(layer, **parameters)
