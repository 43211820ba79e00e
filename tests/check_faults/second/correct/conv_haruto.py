import numpy as np


class Convolution:
    """添字の表を使った畳み込み (np.add.at)"""

    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad
        self.dW = None
        self.db = None

    def _tables(self, H, W):
        _, C, fh, fw = self.W.shape
        oh = (H + 2 * self.pad - fh) // self.stride + 1
        ow = (W + 2 * self.pad - fw) // self.stride + 1
        c, u, v = [a.reshape(-1, 1) for a in np.indices((C, fh, fw))]
        i, j = [a.reshape(1, -1) for a in np.indices((oh, ow))]
        return c, u + self.stride * i, v + self.stride * j, oh, ow

    def forward(self, x):
        N, _, H, W = x.shape
        self.shape = x.shape
        p = self.pad
        self.c, self.rows, self.cols, oh, ow = self._tables(H, W)
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.patches = xp[:, self.c, self.rows, self.cols]       # N x CFF x OO
        out = np.matmul(self.W.reshape(len(self.W), -1), self.patches)
        return out.reshape(N, -1, oh, ow) + self.b.reshape(1, -1, 1, 1)

    def backward(self, dout):
        N, C, H, W = self.shape
        p = self.pad
        d = dout.reshape(N, len(self.W), -1)
        self.db = d.sum(axis=(0, 2))
        self.dW = np.matmul(d, self.patches.transpose(0, 2, 1)).sum(axis=0).reshape(self.W.shape)
        dpatches = np.matmul(self.W.reshape(len(self.W), -1).T, d)
        dxp = np.zeros((N, C, H + 2 * p, W + 2 * p))
        np.add.at(dxp, (slice(None), self.c, self.rows, self.cols), dpatches)
        return dxp[:, :, p:p + H, p:p + W]
