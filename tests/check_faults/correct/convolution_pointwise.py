"""A convolution of 1 by 1: a product of matrices at each pixel."""
import numpy as np


class PointwiseConv:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        self._x = x
        y = np.tensordot(x, self.W[:, :, 0, 0], axes=(1, 1))  # N, H, W, F
        y += self.b
        return y.transpose(0, 3, 1, 2)

    def backward(self, dout):
        self.dW = np.tensordot(dout, self._x, axes=((0, 2, 3), (0, 2, 3)))[:, :, None, None]
        self.db = dout.sum(axis=3).sum(axis=2).sum(axis=0)
        return np.einsum("nfhw,fc->nchw", dout, self.W[:, :, 0, 0])
