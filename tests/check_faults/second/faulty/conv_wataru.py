import numpy as np


class Tatamikomi:
    """バイアスなし、入力と同じ大きさの 3x3 畳み込み"""

    def __init__(self, F):
        self.F = F

    def forward(self, x):
        self.x = x
        n, c, h, w = x.shape
        waku = np.zeros((n, c, h + 2, w + 2))
        waku[:, :, 1:h + 1, 1:w + 1] = x
        out = np.zeros((n, len(self.F), h, w))
        for i in range(h):
            for j in range(w):
                out[:, :, i, j] = np.einsum('ncuv,fcuv->nf', waku[:, :, i:i + 3, j:j + 3], self.F)
        return out

    def backward(self, dout):
        n, c, h, w = self.x.shape
        waku = np.zeros((n, c, h + 2, w + 2))
        waku[:, :, :h, :w] = self.x
        self.dF = np.zeros_like(self.F)
        dwaku = np.zeros_like(waku)
        for i in range(h):
            for j in range(w):
                self.dF += np.einsum('nf,ncuv->fcuv', dout[:, :, i, j], waku[:, :, i:i + 3, j:j + 3])
                dwaku[:, :, i:i + 3, j:j + 3] += np.einsum('nf,fcuv->ncuv', dout[:, :, i, j], self.F)
        return dwaku[:, :, 1:h + 1, 1:w + 1]
