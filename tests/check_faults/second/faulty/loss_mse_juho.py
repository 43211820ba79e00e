import numpy as np


def mse_forward(y, t):
    """제곱 오차의 절반, 배치 평균"""
    error = t - y
    loss = 0.5 * np.sum(error * error) / len(y)
    cache = (error, len(y))
    return loss, cache


def mse_backward(cache, dout=1.0):
    # dL/dy
    error, n = cache
    grad = error / n
    return dout * grad
