import numpy as np

"""One-dimensional convolution, e.g. for sound: x is (batch, channels, time)."""


def conv1d_forward(x, w, b, hop, margin):
    batch, chan, time = x.shape
    nf, _, width = w.shape
    wide = np.zeros((batch, chan, time + 2 * margin))
    wide[:, :, margin:margin + time] = x
    starts = range(0, time + 2 * margin - width + 1, hop)
    out = np.stack([np.tensordot(wide[:, :, s:s + width], w, axes=([1, 2], [1, 2])) for s in starts], axis=2)
    out += b[None, :, None]
    return out, dict(wide=wide, w=w, starts=starts, margin=margin, time=time)


def conv1d_backward(dout, cache):
    wide, w = cache['wide'], cache['w']
    width = w.shape[2]
    dwide, dw = np.zeros_like(wide), np.zeros_like(w)
    for k, s in enumerate(cache['starts']):
        g = dout[:, :, k]                                  # (batch, nf)
        dw += np.einsum('nf,nct->fct', g, wide[:, :, s:s + width])
        dwide[:, :, s:s + width] += np.einsum('nf,fct->nct', g, w)
    m = cache['margin']
    return dwide[:, :, m:m + cache['time']], dw, dout.sum(axis=(0, 2))
