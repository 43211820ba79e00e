import numpy as np


def affine_forward(x, w, b):
    """x: (N, d1, ..., dk); w: (D, M); b: (M,)"""
    flat = x.reshape(x.shape[0], w.shape[0])
    out = flat.dot(w) + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    N = x.shape[0]
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(N, -1).T.dot(dout)
    db = np.ones(N).dot(dout)
    return dx, dw, db
