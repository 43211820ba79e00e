"""Weights that take in the normalisation behind them. Must not know layers."""

from math import sqrt

import numpy as np

from convlens.kernels.runtime.compiler import entry

__all__ = ["fold_weights"]


@entry
def fold_weights(w, b, gamma, beta, mean, variance, eps, folded, bias, count, each):
    """folded[k] = w[k] · s[f], bias[f] = (b[f] - mean[f]) · s[f] + beta[f], s = gamma / sqrt(variance + eps).

    count: outputs f; each: how many weights of one output lie together, f = k / each modulo count.
    """
    for f in range(count):
        bias[f] = gamma[f] / sqrt(variance[f] + eps)
    for run in range(w.size // (count * each)):
        for f in range(count):
            at = (run * count + f) * each
            for k in range(at, at + each):
                folded[k] = w[k] * bias[f]
    for f in range(count):
        bias[f] = np.float32((b[f] - mean[f]) * bias[f] + beta[f])
