"""The weights that a network starts with. Must not know layers."""

from math import prod, sqrt

import numpy as np

from convlens.networks.parameters import Parameters
from convlens.spec import NetworkSpec
from convlens.streams import stream

__all__ = ["initialise", "standard_deviation"]


def standard_deviation(weight_init_std: float | str, shape: tuple[int, ...]) -> float:
    """Return the standard deviation of the first weights of one layer.

    Args:
        weight_init_std: a number; "he" for √(2/fan-in) (He et al. 2015); "xavier" for √(1/fan-in)
            (Glorot and Bengio 2010, in the book's form).
        shape: (filters, channels, kh, kw) or (inputs, outputs).
    """
    fan_in = prod(shape[1:]) if len(shape) == 4 else shape[0]
    if weight_init_std == "he":
        return sqrt(2 / fan_in)
    if weight_init_std == "xavier":
        return sqrt(1 / fan_in)
    return float(weight_init_std)


def initialise(params: Parameters, spec: NetworkSpec, seed: int) -> None:
    """Fill weights with normal noise and biases with zeros.

    Every weight has its own stream, named by (seed, its name): adding a layer changes no other one.
    Under the book's protocol the numbers come from the global `np.random`, in the order W1, W2, ….
    """
    for name, shape in spec.parameter_shapes.items():
        if len(shape) == 1:
            params[name] = np.zeros(shape)
            continue
        if spec.protocol == "book":
            noise = np.random.randn(*shape)  # noqa: NPY002 (the book's contract: np.random.seed decides)
        else:
            noise = stream(seed, "initial weights", name).standard_normal(shape)
        params[name] = standard_deviation(spec.weight_init_std, shape) * noise
