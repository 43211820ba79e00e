"""Max pooling with padding: the border counts as minus infinity."""
import numpy as np


class Pooling:
    def __init__(self, pool_h, pool_w, stride=1, pad=0):
        self.pool_h, self.pool_w = pool_h, pool_w
        self.stride, self.pad = stride, pad

    def forward(self, x):
        p, s = self.pad, self.stride
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=-np.inf)
        oh = (self.xp.shape[2] - self.pool_h) // s + 1
        ow = (self.xp.shape[3] - self.pool_w) // s + 1
        out = np.zeros(x.shape[:2] + (oh, ow))
        self.masks = {}
        for i in range(oh):
            for j in range(ow):
                window = self.xp[:, :, i * s:i * s + self.pool_h, j * s:j * s + self.pool_w]
                top = window.max(axis=(2, 3), keepdims=True)
                self.masks[i, j] = window == top
                out[:, :, i, j] = top[:, :, 0, 0]
        return out

    def backward(self, dout):
        p, s = self.pad, self.stride
        dx = np.zeros(self.xp.shape)
        for (i, j), mask in self.masks.items():
            share = mask / mask.sum(axis=(2, 3), keepdims=True)
            dx[:, :, i * s:i * s + self.pool_h, j * s:j * s + self.pool_w] += share * dout[:, :, i:i + 1, j:j + 1]
        return dx
