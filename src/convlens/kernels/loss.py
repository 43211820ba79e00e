"""Softmax and cross-entropy in one pass. Must not know layers."""

from math import exp, log
from typing import Any

import numpy as np

from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares
from convlens.kernels.shares import many

__all__ = ["softmax_cross_entropy", "take_labels"]


EXPONENTIAL = 32
"""How many numbers could be copied while one exponential is computed."""


@inner
def loss_share(t, shares, z, dz, labels, weights, logs, n, scale, ld, classes, smoothing):
    """Do share t of `softmax_cross_entropy`: some samples."""
    off = smoothing / np.float32(classes)
    on = np.float32(1) - smoothing + off
    for m in range(t * n // shares, (t + 1) * n // shares):
        o = m * ld
        top = z[o]  # without it exp overflows from a score of 89 on
        for j in range(1, classes):
            top = max(top, z[o + j])
        s = np.float32(0)
        for j in range(classes):
            dz[o + j] = exp(z[o + j] - top)
            s += dz[o + j]
        label = labels[m]
        right = z[o + label]
        if smoothing > 0:
            mean = np.float32(0)
            for j in range(classes):
                mean += z[o + j] - right
            right += smoothing * (mean / np.float32(classes))
        logs[m] = right - top - log(s)
        share = scale * weights[m]
        for j in range(classes):
            dz[o + j] = (dz[o + j] / s - (on if j == label else off)) * share


@entry
def softmax_cross_entropy(
    z: Any,
    dz: Any,
    labels: Any,
    weights: Any,
    loss: Any,
    logs: Any,
    n: int,
    batch: int,
    ld: int,
    classes: int,
    smoothing: Any,
) -> None:
    """loss[0] = -1/batch sum_m w[m] sum_j q[m, j] log p[m, j]; dz = w (p - q) / batch.

    q = (1 - smoothing) one_hot(labels) + smoothing / classes.

    p = softmax(z): the maximum of a row is taken off first. z, dz: matrices with rows of `ld` numbers, n of
    the batch's samples; w: their weights, float32; loss, logs: float64, logs with room for a number a sample.
    """
    scale, shares = np.float32(1.0 / batch), min(n, many(n * classes * EXPONENTIAL))
    in_shares(loss_share, shares, (z, dz, labels, weights, logs, n, scale, ld, classes, smoothing))
    total = 0.0
    for m in range(n):  # in the samples' order, whoever computed them
        total -= weights[m] * logs[m]
    loss[0] = total / batch


@entry
def take_labels(index: Any, labels: Any, samples: int, classes: int, taken: Any) -> int:
    """taken[m] = labels[index[m]] for all of the index.

    Returns:
        0 if all is well, 1 if an index, 2 if a label is out of range: other kernels do not check bounds.
    """
    for m in range(index.size):
        if index[m] < 0 or index[m] >= samples:
            return 1
        label = labels[index[m]]  # read once: others may be writing there
        if label < 0 or label >= classes:
            return 2
        taken[m] = label
    return 0
