"""Sigmoid and binary cross-entropy in one, stable; mean of all."""
import numpy as np


class BinaryCrossEntropy:
    def forward(self, z, t):
        self.z, self.t = z, t
        return np.mean(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))

    def backward(self):
        sigmoid = 0.5 * (1 + np.tanh(0.5 * self.z))
        return (sigmoid - self.t) / self.z.size
