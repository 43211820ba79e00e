"""畳み込み層。as_strided で窓を作り、テンソル積で計算する。"""
import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad

    def forward(self, x):
        P, S = self.pad, self.stride
        padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
        N, C, H, W = padded.shape
        FH, FW = self.W.shape[2:]
        OH, OW = (H - FH) // S + 1, (W - FW) // S + 1
        sn, sc, sh, sw = padded.strides
        # 窓は元の配列のビューである
        self.windows = np.lib.stride_tricks.as_strided(
            padded, (N, C, OH, OW, FH, FW), (sn, sc, sh * S, sw * S, sh, sw), writeable=False)
        self.in_shape = x.shape
        out = np.tensordot(self.windows, self.W, axes=((1, 4, 5), (1, 2, 3)))
        return np.moveaxis(out, 3, 1) + self.b.reshape(1, -1, 1, 1)

    def backward(self, dout):
        P, S = self.pad, self.stride
        N, C, H, W = self.in_shape
        _, _, OH, OW = dout.shape
        self.dW = np.tensordot(dout, self.windows, axes=((0, 2, 3), (0, 2, 3)))
        self.db = dout.sum(axis=(0, 2, 3))
        dx = np.zeros((N, C, H + 2 * P, W + 2 * P))
        # フィルターの要素ごとに勾配を足し込む
        for u in range(self.W.shape[2]):
            for v in range(self.W.shape[3]):
                part = np.tensordot(dout, self.W[:, :, u, v], axes=(1, 0)).transpose(0, 3, 1, 2)
                dx[:, :, u:u + S * OH:S, v:v + S * OW:S] += part
        return dx[:, :, :H, :W]
