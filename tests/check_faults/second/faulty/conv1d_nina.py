import numpy as np


def conv1d_forward(signal, taps, hop):
    width = taps.shape[2]
    index = np.arange(0, signal.shape[2] - width + 1, hop)[:, None] + np.arange(width)
    frames = signal[:, :, index]                        # n c t k
    out = np.einsum('nctk,fck->nft', frames, taps)
    return out, (frames, taps, index, signal.shape)


def conv1d_backward(dout, cache):
    """Gradients of the signal and of the taps."""
    frames, taps, index, shape = cache
    dtaps = np.einsum('nft,nctk->fck', dout, frames)
    dframes = np.einsum('nft,fck->nctk', dout, taps)
    dsignal = np.zeros(shape)
    for t, places in enumerate(index):
        dsignal[:, :, places] = dframes[:, :, t]
    return dsignal, dtaps
