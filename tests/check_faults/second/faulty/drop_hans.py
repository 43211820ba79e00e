import numpy as np

GENERATOR = np.random.default_rng(123)


def dropout_forward(x, p, training):
    """Scaled while training, so that nothing has to be done when testing."""
    if not training:
        return x, None
    survivors = GENERATOR.random(x.shape) >= p
    out = np.where(survivors, x / (1.0 - p), 0.0)
    return out, (survivors, p)


def dropout_backward(dout, cache):
    if cache is None:
        return dout
    survivors, p = cache
    return np.where(survivors, dout, 0.0)
