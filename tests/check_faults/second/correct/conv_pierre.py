import numpy as np


# stride 1, no padding. The gradient of x is a "full" correlation with the turned filters.

def correlate(img, filt):
    n, c, h, w = img.shape
    f, _, a, b = filt.shape
    res = np.empty((n, f, h - a + 1, w - b + 1))
    for i in range(h - a + 1):
        for j in range(w - b + 1):
            patch = img[:, :, i:i + a, j:j + b].reshape(n, -1)
            res[:, :, i, j] = patch.dot(filt.reshape(f, -1).T)
    return res


def conv_forward(x, w, b):
    out = correlate(x, w) + b.reshape(1, -1, 1, 1)
    cache = (x, w)
    return out, cache


def conv_backward(dout, cache):
    x, w = cache
    a, c = w.shape[2], w.shape[3]
    wide = np.pad(dout, ((0, 0), (0, 0), (a - 1, a - 1), (c - 1, c - 1)))
    turned = w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    dx = correlate(wide, turned)
    # dw: every sample is a channel here
    dw = correlate(x.transpose(1, 0, 2, 3), dout.transpose(1, 0, 2, 3)).transpose(1, 0, 2, 3)
    db = np.sum(dout, axis=(0, 2, 3))
    return dx, dw, db
