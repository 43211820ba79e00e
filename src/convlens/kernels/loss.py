"""Softmax and cross-entropy in one pass. Must not know layers."""

from math import exp, log
from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry

__all__ = ["check_batch", "softmax_cross_entropy"]


@entry
def softmax_cross_entropy(
    z: Any, dz: Any, labels: Any, index: Any, n: int, batch: int, ld: int, classes: int
) -> Any:
    """Return -1/batch sum_m log p[m, t[m]] with p = softmax(z); dz = (p - one_hot(t)) / batch.

    z, dz: matrices with rows of `ld` numbers, n of the batch's samples; t[m] = labels[index[m]]. The maximum
    of a row is taken off first.
    """
    loss, scale = 0.0, np.float32(1.0 / batch)
    for m in range(n):
        o = m * ld
        top = z[o]  # without it exp overflows from a score of 89 on
        for j in range(1, classes):
            top = max(top, z[o + j])
        s = np.float32(0)
        for j in range(classes):
            dz[o + j] = exp(z[o + j] - top)
            s += dz[o + j]
        t = labels[index[m]]
        loss -= z[o + t] - top - log(s)
        for j in range(classes):
            dz[o + j] = (dz[o + j] / s - np.float32(j == t)) * scale
    return loss / batch


@entry
def check_batch(index: Any, labels: Any, samples: int, classes: int) -> int:
    """Return 0 if all is well, 1 if an index, 2 if a label is out of range: kernels do not check bounds."""
    for m in range(index.size):
        if index[m] < 0 or index[m] >= samples:
            return 1
        if labels.size and (labels[index[m]] < 0 or labels[index[m]] >= classes):
            return 2
    return 0
