"""Convolution with nothing but loops: slow, but each line can be followed by hand."""
import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad

    def forward(self, x):
        p, s = self.pad, self.stride
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.shape = x.shape
        N, C, H, W = x.shape
        F, _, kh, kw = self.W.shape
        oh, ow = (H + 2 * p - kh) // s + 1, (W + 2 * p - kw) // s + 1
        out = np.zeros((N, F, oh, ow))
        for n in range(N):
            for f in range(F):
                for i in range(oh):
                    for j in range(ow):
                        patch = self.xp[n, :, i * s:i * s + kh, j * s:j * s + kw]
                        out[n, f, i, j] = np.sum(patch * self.W[f]) + self.b[f]
        return out

    def backward(self, dout):
        p, s = self.pad, self.stride
        N, F, oh, ow = dout.shape
        kh, kw = self.W.shape[2:]
        H, W = self.shape[2:]
        dxp = np.zeros_like(self.xp)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)
        for n in range(N):
            for f in range(F):
                for i in range(oh):
                    for j in range(ow):
                        g = dout[n, f, i, j]
                        rows, cols = slice(i * s, i * s + kh), slice(j * s, j * s + kw)
                        self.dW[f] = g * self.xp[n, :, rows, cols]
                        self.db[f] += g
                        dxp[n, :, rows, cols] += g * self.W[f]
        return dxp[:, :, p:p + H, p:p + W]
