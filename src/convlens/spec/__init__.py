"""What a network is: frozen data, shape inference, TOML and JSON. Must not know arrays.

>>> from convlens import spec
>>> spec.simple().n_parameters
433890
>>> [row.output_shape for row in spec.lenet().table][-1]
(10,)
"""

from convlens.spec.files import KINDS, from_dict, load, loads, to_dict, to_toml
from convlens.spec.layers import Affine, Convolution, LayerSpec, Pooling, Relu, Shape, Sigmoid
from convlens.spec.named import NETWORKS, lenet, named, simple, speedrun
from convlens.spec.network import DTYPES, INITIALISERS, PROTOCOLS, LayerShape, NetworkSpec

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
    "NetworkSpec",
    "Pooling",
    "Relu",
    "Shape",
    "Sigmoid",
    "from_dict",
    "lenet",
    "load",
    "loads",
    "named",
    "simple",
    "speedrun",
    "to_dict",
    "to_toml",
]
