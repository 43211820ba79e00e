"""Affine: sums over the batch picture by picture, into fresh zeros."""
import numpy as np


class Layer:
    trainable = True

    def __call__(self, *args):
        return self.forward(*args)


class Affine(Layer):
    def __init__(self, W, b):
        self.W, self.b = np.array(W), np.array(b)

    def forward(self, x):
        self.x = x.copy()
        return np.array([row @ self.W + self.b for row in x])

    def backward(self, dout):
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)
        for row, g in zip(self.x, dout):
            self.dW += np.outer(row, g)
            self.db += g
        return np.stack([self.W @ g for g in dout])
