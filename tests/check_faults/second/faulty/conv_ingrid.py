import numpy as np


def conv_fwd(x, w, b):
    kh, kw = w.shape[2:]
    oh, ow = x.shape[2] - kh + 1, x.shape[3] - kw + 1
    y = np.zeros((x.shape[0], w.shape[0], oh, ow)) + b[:, None, None]
    for i in range(kh):
        for j in range(kw):
            y += np.einsum('nchw,fc->nfhw', x[:, :, i:i + oh, j:j + ow], w[:, :, i, j])
    return y, (x, w)


def conv_bwd(dy, cache):
    x, w = cache
    oh, ow = dy.shape[2:]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            part = (slice(None), slice(None), slice(i, i + oh), slice(j, j + ow))
            dw[:, :, i, j] = np.einsum('nfhw,nchw->fc', dy, x[part])
            dx[part] += np.einsum('nfhw,fc->nchw', dy, w[:, :, i, j])
    db = dy.sum(axis=(2, 3))[0]
    return dx, dw, db
