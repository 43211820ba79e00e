"""Which network an estimator trains: one that is named or given, made fit for its pictures and classes.

Must not know scikit-learn.
"""

from dataclasses import replace
from typing import Any

from convlens.errors import SpecError
from convlens.spec import Affine, Convolution, LayerSpec, NetworkSpec, Relu, find, simple

__all__ = ["SMALLEST", "adapted", "network_of", "usual"]

SMALLEST = 8
"""Pixels a side from which on a picture is one: below, SimpleConvNet's window and pooling leave nothing."""


def usual(shape: tuple[int, int, int], n_classes: int) -> NetworkSpec:
    """Return SimpleConvNet for pictures, and for short rows of numbers one hidden layer of 100 units."""
    if min(shape[1:]) >= SMALLEST:
        return simple(shape, output_size=n_classes, weight_init_std="he")
    return NetworkSpec("Perceptron", shape, (Affine(100), Relu(), Affine(n_classes)), "he")


def network_of(given: Any) -> NetworkSpec | None:  # noqa: ANN401
    """Return the network that is given by its name, its file or its spec; None stays None.

    Raises:
        SpecError: there is no such network.
    """
    return given if given is None or isinstance(given, NetworkSpec) else find(given)


def adapted(
    described: NetworkSpec | None, shape: tuple[int, int, int], n_classes: int, dtype: str
) -> NetworkSpec:
    """Return a network for pictures of a shape, with as many classes, under the standard protocol.

    Args:
        described: None for the usual one.
        shape: (channels, height, width).
        n_classes: units of the last affine layer, or filters of the last convolution.
        dtype: "float32" or "float64".

    Raises:
        SpecError: the network does not fit pictures of this size, or cannot tell so many classes apart.
    """
    found = described or usual(shape, n_classes)
    layers = _with_classes(found.layers, n_classes)
    made = replace(found, input_shape=shape, layers=layers, dtype=dtype, protocol="standard")
    if made.n_classes != n_classes:
        rule = "its last layer with units or filters must make the classes"
        raise SpecError(f"{found.name} cannot be made fit for {n_classes} classes: {rule}.")
    return made


def _with_classes(layers: tuple[LayerSpec, ...], n_classes: int) -> tuple[LayerSpec, ...]:
    """Return layers of which the last one that sums with weights makes one channel, or unit, a class."""
    weighted = [k for k, layer in enumerate(layers) if isinstance(layer, Affine | Convolution)]
    if not weighted:
        return layers
    last = layers[weighted[-1]]
    classes = {"units" if isinstance(last, Affine) else "filters": n_classes}
    made = replace(last, **classes)
    return (*layers[: weighted[-1]], made, *layers[weighted[-1] + 1 :])
