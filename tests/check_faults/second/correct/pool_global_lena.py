import numpy as np


class GlobalAverage:
    """Mean of every channel; (n, c, h, w) -> (n, c).

    Used at the end of the network in place of a big Affine.
    """

    def __init__(self):
        self.shape = None

    def forward(self, x):
        self.shape = x.shape
        area = x.shape[2] * x.shape[3]
        return np.einsum('nchw->nc', x) / area

    def backward(self, dout):
        n, c, h, w = self.shape
        ones = np.ones((h, w)) / (h * w)
        return np.einsum('nc,hw->nchw', dout, ones)
