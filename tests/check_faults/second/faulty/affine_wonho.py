import numpy as np


class Affine:
    """완전연결 계층; 갱신은 optimizer가 한다"""

    def __init__(self, W, b, lr=0.01):
        self.W, self.b, self.lr = W, b, lr

    def forward(self, x):
        self.shape = x.shape
        self.x = x.reshape(len(x), -1)
        return self.x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.lr * (self.x.T @ dout)
        self.db = dout.sum(axis=0)
        dx = dout @ self.W.T
        return dx.reshape(self.shape)
