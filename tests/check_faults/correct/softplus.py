"""Softplus, without overflow."""
import numpy as np


class Softplus:
    def forward(self, x):
        self.x = x
        return np.logaddexp(0, x)

    def backward(self, dout):
        return dout * 0.5 * (1 + np.tanh(self.x / 2))
