import numpy as np


def dropout_forward(x, keep, mode, seed=None):
    """Inverted dropout; `keep` is the probability that a unit stays."""
    mask = None
    if mode == 'train':
        gen = np.random.default_rng(seed)
        mask = (gen.random(x.shape) < keep) / keep
        out = x * mask
    elif mode == 'test':
        out = x
    else:
        raise ValueError(mode)
    return out, (mask, mode)


def dropout_backward(dout, cache):
    mask, mode = cache
    return dout * mask if mode == 'train' else dout
