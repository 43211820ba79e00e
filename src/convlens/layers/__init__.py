"""What one layer computes, in plain NumPy, written to be read. Must not know Numba or training.

Each layer has one small file: the class, its formula, `forward`, `backward`. `LAYERS` says which class
computes which spec.
"""

from collections.abc import Callable

from convlens import spec
from convlens._typing import Array
from convlens.layers.affine import Affine
from convlens.layers.convolution import Convolution
from convlens.layers.functions import smooth_curve
from convlens.layers.gradient import numerical_gradient
from convlens.layers.layer import Layer
from convlens.layers.patches import col2im, im2col
from convlens.layers.pooling import Pooling
from convlens.layers.relu import Relu
from convlens.layers.sigmoid import Sigmoid
from convlens.layers.softmax_with_loss import BookSoftmaxWithLoss, SoftmaxWithLoss, class_numbers

__all__ = [
    "LAYERS",
    "LAYER_CLASSES",
    "Affine",
    "BookSoftmaxWithLoss",
    "Convolution",
    "Layer",
    "Pooling",
    "Relu",
    "Sigmoid",
    "SoftmaxWithLoss",
    "build",
    "class_numbers",
    "col2im",
    "im2col",
    "numerical_gradient",
    "smooth_curve",
]


def _convolution(layer: spec.Convolution, W: Array, b: Array) -> Layer:
    return Convolution(W, b, _plain(layer.step), _plain(layer.pad))


def _pooling(layer: spec.Pooling) -> Layer:
    return Pooling(*layer.extent, _plain(layer.step), _plain(layer.pad))


def _plain(value: int | tuple[int, int]) -> int | tuple[int, int]:
    """Write (2, 2) as 2, as a reader would."""
    return value[0] if isinstance(value, tuple) and value[0] == value[1] else value


LAYERS: dict[type[spec.LayerSpec], Callable[..., Layer]] = {
    spec.Convolution: _convolution,
    spec.Pooling: _pooling,
    spec.Relu: lambda _: Relu(),
    spec.Sigmoid: lambda _: Sigmoid(),
    spec.Affine: lambda _, W, b: Affine(W, b),
}
"""Spec of a layer → the layer that computes it, given its parameters by name."""


LAYER_CLASSES = (Convolution, Pooling, Relu, Sigmoid, Affine)
"""The layers themselves: what `LAYERS` makes."""


def build(layer: spec.LayerSpec, **parameters: Array) -> Layer:
    """Return the layer that computes `layer` with `parameters` (live arrays, such as W and b)."""
    return LAYERS[type(layer)](layer, **parameters)
