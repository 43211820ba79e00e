"""What a network is: frozen data, shape inference, TOML and JSON. Must not know arrays.

>>> from convlens import spec
>>> spec.simple().n_parameters
433890
>>> [row.output_shape for row in spec.lenet().table][-1]
(10,)
"""

from typing import Any

from convlens.spec import layers
from convlens.spec.consumers import Missing
from convlens.spec.files import find, from_dict, from_json, from_toml, to_dict, to_toml
from convlens.spec.layers import (
    KINDS,
    Affine,
    Convolution,
    LayerSpec,
    Pooling,
    Purpose,
    Relu,
    Residual,
    Sigmoid,
)
from convlens.spec.named import NETWORKS, lenet, named_network, simple, speedrun
from convlens.spec.network import DTYPES, INITIALISERS, PROTOCOLS, LayerShape, NetworkSpec
from convlens.spec.parameters import ParameterSpec, Role
from convlens.spec.shapes import Shape

__all__ = [
    "DTYPES",
    "INITIALISERS",
    "KINDS",
    "NETWORKS",
    "PROTOCOLS",
    "Affine",
    "Convolution",
    "LayerShape",
    "LayerSpec",
    "Missing",
    "NetworkSpec",
    "ParameterSpec",
    "Pooling",
    "Purpose",
    "Relu",
    "Residual",
    "Role",
    "Shape",
    "Sigmoid",
    "find",
    "from_dict",
    "from_json",
    "from_toml",
    "lenet",
    "named_network",
    "simple",
    "speedrun",
    "to_dict",
    "to_toml",
]
__all__ += [name for name in layers.__all__ if name not in globals()]


def __getattr__(name: str) -> Any:  # noqa: ANN401 (a class)
    """Return a layer that has no line of its own above."""
    if name in layers.__all__:
        return getattr(layers, name)
    hint = "a layer's name belongs into the `__all__` of its family's file in spec/layers/"
    raise AttributeError(f"module {__name__!r} has no {name!r}: {hint}.")
