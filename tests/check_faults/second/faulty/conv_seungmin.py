import numpy as np


def conv_forward(x, w, b, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum('ncijuv,kcuv->nkij', win, w) + b[None, :, None, None]
    return out, (win, w, xp.shape)


def conv_backward(dout, cache):
    """순전파와 같은 창을 사용"""
    win, w, shape = cache
    dw = np.einsum('nkij,ncijuv->kcuv', dout, win)
    db = np.einsum('nkij->k', dout)
    dx = np.zeros(shape)
    oh, ow = dout.shape[2:]
    for u in range(w.shape[2]):
        for v in range(w.shape[3]):
            dx[:, :, u:u + oh, v:v + ow] += np.einsum('nkij,kc->ncij', dout, w[:, :, u, v])
    return dx, dw, db
