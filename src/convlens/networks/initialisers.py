"""The weights that a network starts with. Must not know layers."""

from math import sqrt

import numpy as np

from convlens.networks.parameters import Parameters
from convlens.spec import NetworkSpec, ParameterSpec, Role
from convlens.streams import stream

__all__ = ["initialise", "standard_deviation"]

_WEIGHTS = (Role.FILTERS, Role.MATRIX)
_CONSTANTS = {Role.BIAS: 0.0, Role.SHIFT: 0.0, Role.SCALE: 1.0}


def standard_deviation(weight_init_std: float | str, weights: ParameterSpec) -> float:
    """Return the standard deviation of the first weights of one layer.

    Args:
        weight_init_std: a number; "he" for √(2/fan-in) (He et al. 2015); "xavier" for √(1/fan-in)
            (Glorot and Bengio 2010, in the book's form).
        weights: filters or a matrix.
    """
    if weight_init_std == "he":
        return sqrt(2 / weights.fan_in)
    if weight_init_std == "xavier":
        return sqrt(1 / weights.fan_in)
    return float(weight_init_std)


def initialise(params: Parameters, spec: NetworkSpec, seed: int) -> None:
    """Fill weights with normal noise, biases and shifts with zeros, scales with ones; the rest as it says.

    Every weight has its own stream, named by (seed, its name): adding a layer changes no other one.
    Under the book's protocol the numbers come from the global `np.random`, in the order W1, W2, ….
    """
    for parameter in spec.parameters:
        name, shape = parameter.name, parameter.shape
        if parameter.role not in _WEIGHTS:
            params[name][...] = _CONSTANTS.get(parameter.role, parameter.start)
            continue
        if spec.protocol == "book":
            noise = np.random.randn(*shape)  # noqa: NPY002 (the book's contract: np.random.seed decides)
        else:
            noise = stream(seed, "initial weights", name).standard_normal(shape)
        params[name] = standard_deviation(spec.weight_init_std, parameter) * noise
