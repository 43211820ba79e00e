"""The first weights of the book's fully connected networks. Must not know layers."""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

import numpy as np

from convlens._typing import Array
from convlens.arguments import fits
from convlens.errors import WrongTypeError, shown

__all__ = ["first_weights", "scale_of"]

_HE, _XAVIER = ("relu", "he"), ("sigmoid", "xavier")


def scale_of(weight_init_std: float | str, inputs: int) -> float:
    """Return the standard deviation of the first weights of a layer with so many inputs.

    Args:
        weight_init_std: a number; "relu" or "he" for √(2/inputs); "sigmoid" or "xavier" for √(1/inputs); in
            any case of letters.
        inputs: how many.
    """
    name = weight_init_std.lower() if isinstance(weight_init_std, str) else ""
    if name in _HE:
        return sqrt(2 / inputs)
    if name in _XAVIER:
        return sqrt(1 / inputs)
    if not fits(weight_init_std, float):
        rule = f"a finite number or one of {', '.join(_HE + _XAVIER)}"
        raise WrongTypeError(f"`weight_init_std` must be {rule}. Got {shown(weight_init_std)}.")
    return float(weight_init_std)


def first_weights(sizes: Sequence[int], weight_init_std: float | str) -> dict[str, Array]:
    """Return W1, b1, W2, b2, … of affine layers: normal noise, and zeros.

    The noise comes from the global `np.random`, as in the book, so that `np.random.seed` decides it.

    Args:
        sizes: how many values go in, then how many come out of each layer.
        weight_init_std: as `scale_of` takes it.
    """
    params = {}
    for number, (inputs, outputs) in enumerate(pairwise(sizes), 1):
        noise = np.random.randn(inputs, outputs)  # noqa: NPY002 (the book's contract)
        params[f"W{number}"] = scale_of(weight_init_std, inputs) * noise
        params[f"b{number}"] = np.zeros(outputs)
    return params
