"""Gradients that are clipped: by the norm of all of them together. Must not know what they are of."""

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Any

import numpy as np

from convlens._typing import Array

__all__ = ["clipped", "clipping_scale"]

_AWAY_FROM_ZERO = 1e-6  # added to a norm, as PyTorch does


def clipping_scale(norm: float, most: float) -> float:
    """Return what gradients of this norm are multiplied with, so that it is at most `most`; 1 for NaN."""
    scale = most / (norm + _AWAY_FROM_ZERO)
    return scale if scale < 1 else 1.0


def clipped(params: Iterable[str], grads: Mapping[str, Any], most: float) -> Mapping[str, Any]:
    """Return gradients of which those of `params` have together at most this norm; 0: as they are.

    Reference: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", 2013.
    """
    if not most:
        return grads
    found = {name: np.asarray(grads[name]) for name in params if name in grads}
    if any(g.dtype.kind not in "fiu" for g in found.values()):
        return grads  # the optimizer says what is wrong with them
    scale = clipping_scale(_norm(found.values()), most)
    return grads if scale == 1 else {**grads, **{name: g * scale for name, g in found.items()}}


def _norm(arrays: Iterable[Array]) -> float:
    return sqrt(sum(float(np.sum(np.square(array, dtype=np.float64))) for array in arrays))
