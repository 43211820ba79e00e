import numpy as np


class SeqAffine:
    """(묶음, 시간, 특징) 모양의 입력을 위한 층"""

    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = np.zeros_like(W)
        self.db = np.zeros_like(b)

    def forward(self, x):
        self.x = x
        return np.tensordot(x, self.W, axes=(2, 0)) + self.b

    def backward(self, dout):
        self.dW = np.tensordot(self.x, dout, axes=((0, 1), (0, 1)))
        self.db = np.sum(dout, axis=1)
        return np.tensordot(dout, self.W, axes=(2, 1))
