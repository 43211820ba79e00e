import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        # 기울기를 담을 자리
        self.dW = np.zeros_like(W)
        self.db = np.zeros_like(b)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        for xi, di in zip(self.x, dout):
            self.dW += np.outer(xi, di)
        self.db = dout.sum(axis=0)
        return dout @ self.W.T
