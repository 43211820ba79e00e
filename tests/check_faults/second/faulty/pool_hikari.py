import numpy as np


def pool_forward(x, k, ichi=[]):
    """k x k の最大プーリング。ichi に最大値の位置を集める。"""
    n, c, h, w = x.shape
    out = np.zeros((n, c, h // k, w // k))
    for idx in np.ndindex(*out.shape):
        a, b, i, j = idx
        mado = x[a, b, i * k:(i + 1) * k, j * k:(j + 1) * k]
        u, v = np.unravel_index(mado.argmax(), mado.shape)
        ichi.append((a, b, i * k + u, j * k + v))
        out[idx] = mado[u, v]
    return out, (ichi, x.shape)


def pool_backward(dout, cache):
    ichi, shape = cache
    dx = np.zeros(shape)
    for place, g in zip(ichi, dout.ravel()):
        dx[place] += g
    return dx
