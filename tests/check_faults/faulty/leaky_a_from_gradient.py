"""Leaky ReLU."""
import numpy as np


class LeakyReLU:
    def __init__(self, slope=0.01):
        self.slope = slope

    def forward(self, x):
        self.factor = np.where(x > 0, 1.0, self.slope)
        return x * self.factor

    def backward(self, dout):
        return np.where(dout > 0, dout, self.slope * dout)
