import numpy as np


class BatchNorm2d:
    # 画像を (N*H*W, C) に並べ替えてから正規化
    def __init__(self, g, h):
        self.g, self.h = g, h

    def forward(self, x):
        n, c, hh, ww = x.shape
        flat = x.transpose(0, 2, 3, 1).reshape(-1, c)
        self.s = np.sqrt(flat.var(axis=0) + 1e-5)
        self.u = (flat - flat.mean(axis=0)) / self.s
        out = self.g * self.u + self.h
        return out.reshape(n, hh, ww, c).transpose(0, 3, 1, 2)

    def backward(self, dout):
        n, c, hh, ww = dout.shape
        d = dout.transpose(0, 2, 3, 1).reshape(-1, c)
        self.dh = d.sum(axis=0)
        self.dg = (dout.transpose(0, 2, 3, 1) * self.u.reshape(n, hh, ww, c)).sum(axis=(1, 2))
        du = d * self.g
        df = (du - du.mean(axis=0) - self.u * np.mean(du * self.u, axis=0)) / self.s
        return df.reshape(n, hh, ww, c).transpose(0, 3, 1, 2)
