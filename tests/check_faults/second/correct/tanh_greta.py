import numpy as np


def tanh_forward(x):
    a = np.exp(-2 * np.abs(x))
    y = np.sign(x) * (1 - a) / (1 + a)
    return y, (y,)


def tanh_backward(dout, cache):
    (y,) = cache
    dx = np.empty_like(dout)
    for i, g in np.ndenumerate(dout):
        dx[i] = g * (1 - y[i] ** 2)
    return dx
