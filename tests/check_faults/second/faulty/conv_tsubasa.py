import numpy as np


class Convolution:
    """添字を一度だけ作る畳み込み"""

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.s, self.p = W, b, stride, pad

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        p = self.p
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.xs = xp.shape
        tate = np.arange(0, xp.shape[2] - FH + 1, self.s)
        yoko = np.arange(0, xp.shape[3] - FW + 1, self.s)
        self.iy = tate[:, None, None, None] + np.arange(FH)[None, None, :, None]
        self.ix = yoko[None, :, None, None] + np.arange(FW)[None, None, None, :]
        self.mado = xp[:, :, self.iy, self.ix]
        return np.einsum('ncijuv,fcuv->nfij', self.mado, self.W) + self.b[:, None, None]

    def backward(self, dout):
        self.db = dout.sum(axis=(0, 2, 3))
        self.dW = np.einsum('nfij,ncijuv->fcuv', dout, self.mado)
        dmado = np.einsum('nfij,fcuv->ncijuv', dout, self.W)
        dxp = np.zeros(self.xs)
        dxp[:, :, self.iy, self.ix] += dmado
        p = self.p
        return dxp[:, :, p:self.xs[2] - p, p:self.xs[3] - p]
