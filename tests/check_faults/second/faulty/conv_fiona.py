import numpy as np


class SlowConv:
    """As in the book: out[i, j] = sum of window * filter, stride 1"""

    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        f, _, kh, kw = self.w.shape
        out = np.zeros((x.shape[0], f, x.shape[2] - kh + 1, x.shape[3] - kw + 1))
        for n, k, i, j in np.ndindex(*out.shape):
            window = x[n, :, i:i + kh, j:j + kw]
            out[n, k, i, j] = np.sum(window * self.w[k, :, ::-1, ::-1]) + self.b[k]
        return out

    def backward(self, dout):
        kh, kw = self.w.shape[2:]
        self.gw, self.gb = np.zeros_like(self.w), np.zeros_like(self.b)
        dx = np.zeros_like(self.x)
        for n, k, i, j in np.ndindex(*dout.shape):
            g = dout[n, k, i, j]
            self.gw[k] += g * self.x[n, :, i:i + kh, j:j + kw]
            self.gb[k] += g
            dx[n, :, i:i + kh, j:j + kw] += g * self.w[k]
        return dx
