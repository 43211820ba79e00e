import numpy as np


class Affine:
    # 損失の側では 1/N をすでに掛けている
    def __init__(self, W, b):
        self.params = [W, b]
        self.W, self.b = self.params

    def forward(self, x):
        self.x = x
        self.N = x.shape[0]
        return np.matmul(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.matmul(self.x.T, dout)
        self.db = np.sum(dout, axis=0) / self.N
        return np.matmul(dout, self.W.T)
