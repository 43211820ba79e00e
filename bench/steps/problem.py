"""The problem that all five steps solve: the first layer of SimpleConvNet, forward and its gradient.

out = max-pooling 2x2 of ReLU(convolution of 28x28 pictures with 30 filters of 5x5 + b), and dW, db for
a given dout.
"""

import numpy as np

FILTERS, KERNEL, SIDE = 30, 5, 28
OUT = SIDE - KERNEL + 1
MULTIPLY_ADDS = 2 * FILTERS * KERNEL**2 * OUT**2  # forward and dW, of one picture


def problem(pictures: int) -> tuple[np.ndarray, ...]:
    """Return (x, W, b, dout) of so many pictures; half of the outputs of ReLU are off, as in training."""
    rng = np.random.default_rng(0)
    x = rng.random((pictures, 1, SIDE, SIDE), np.float32)
    W = (rng.standard_normal((FILTERS, 1, KERNEL, KERNEL)) / KERNEL).astype(np.float32)
    dout = rng.standard_normal((pictures, FILTERS, OUT // 2, OUT // 2)).astype(np.float32)
    return x, W, np.zeros(FILTERS, np.float32), dout
