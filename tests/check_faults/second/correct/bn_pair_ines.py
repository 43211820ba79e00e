import numpy as np


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(0), x.var(0)
    inv = 1.0 / np.sqrt(var + eps)
    xhat = (x - mean) * inv
    return gamma * xhat + beta, (xhat, gamma, inv)


def batchnorm_backward(dout, cache):
    # the short formula, worked out on paper
    xhat, gamma, inv = cache
    dbeta = dout.sum(0)
    dgamma = (dout * xhat).sum(0)
    N = len(dout)
    dx = gamma * inv / N * (N * dout - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta
