import numpy as np


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    m = x.mean(axis=0)
    d = x - m
    v = (d * d).mean(axis=0)
    s = (v + eps) ** 0.5
    return d / s * gamma + beta, dict(d=d, s=s, gamma=gamma)


def batchnorm_backward(dout, cache):
    """Step by step from the output to x."""
    d, s, gamma = cache['d'], cache['s'], cache['gamma']
    n = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * d / s).sum(axis=0)
    dh = dout * gamma
    dd = dh / s
    dm = -dd.sum(axis=0)
    dx = dd + dm / n
    return dx, dgamma, dbeta
