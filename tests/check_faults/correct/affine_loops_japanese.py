"""アフィン層をループで書いたもの。"""
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        N, D = x.shape
        M = self.W.shape[1]
        out = np.zeros((N, M))
        for n in range(N):
            for m in range(M):
                total = self.b[m]
                for d in range(D):
                    total += x[n, d] * self.W[d, m]
                out[n, m] = total
        return out

    def backward(self, dout):
        N, M = dout.shape
        D = self.x.shape[1]
        dx = np.zeros((N, D))
        self.dW = np.zeros((D, M))
        self.db = np.zeros(M)
        for n in range(N):
            for m in range(M):
                self.db[m] += dout[n, m]
                for d in range(D):
                    self.dW[d, m] += self.x[n, d] * dout[n, m]  # バッチの和
                    dx[n, d] += dout[n, m] * self.W[d, m]
        return dx
