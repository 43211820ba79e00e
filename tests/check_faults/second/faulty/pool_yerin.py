import numpy as np


def pool_forward(x, k):
    # k x k 최대 풀링 (겹치지 않음)
    n, c, h, w = x.shape
    blocks = x.reshape(n, c, h // k, k, w // k, k)
    out = blocks.max(axis=(3, 5))
    return out, (x, out, k)


def pool_backward(dout, cache):
    x, out, k = cache
    n, c, h, w = x.shape
    grid = np.ones((1, 1, 1, k, 1, k))
    dx = dout[:, :, :, None, :, None] * grid
    return dx.reshape(n, c, h, w)
