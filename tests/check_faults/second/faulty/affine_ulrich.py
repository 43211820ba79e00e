import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.saved = None

    def forward(self, x):
        if self.saved is None:
            self.saved = x.T.copy()
        out = x @ self.W
        out += self.b
        return out

    def backward(self, dout):
        self.db = dout.sum(axis=0)
        self.dW = self.saved @ dout
        return dout @ self.W.T
