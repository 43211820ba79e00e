"""The mean of each channel."""
import numpy as np


class GlobalAveragePooling:
    def forward(self, x):
        self.shape = x.shape
        return x.mean(axis=(2, 3))

    def backward(self, dout):
        area = self.shape[2] * self.shape[3]
        return np.broadcast_to(dout[:, :, None, None] / area, self.shape).copy()
