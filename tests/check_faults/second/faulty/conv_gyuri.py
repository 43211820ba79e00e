import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def _wins(self, x):
        # 창마다 (행, 열, 조각)
        FH, FW = self.W.shape[2:]
        s = self.stride
        for r, i in enumerate(range(0, x.shape[2] - FH + 1, s)):
            for c, j in enumerate(range(0, x.shape[3] - FW + 1, s)):
                yield r, c, x[:, :, i:i + FH, j:j + FW]

    def forward(self, x):
        p = self.pad
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        pieces = {(r, c): np.tensordot(piece, self.W, axes=([1, 2, 3], [1, 2, 3])) for r, c, piece in self._wins(self.xp)}
        R, C = max(pieces)
        out = np.zeros((len(x), len(self.W), R + 1, C + 1))
        for (r, c), v in pieces.items():
            out[:, :, r, c] = v + self.b
        return out

    def backward(self, dout):
        p = self.pad
        self.db = dout.sum(axis=(0, 2, 3))
        self.dW = sum(np.tensordot(dout[:, :, r, c], piece, axes=(0, 0)) for r, c, piece in self._wins(self.xp))
        dxp = np.zeros_like(self.xp)
        FH, FW = self.W.shape[2:]
        for r in range(dout.shape[2]):
            for c in range(dout.shape[3]):
                dxp[:, :, r:r + FH, c:c + FW] += np.tensordot(dout[:, :, r, c], self.W, axes=(1, 0))
        return dxp[:, :, p:dxp.shape[2] - p, p:dxp.shape[3] - p]
