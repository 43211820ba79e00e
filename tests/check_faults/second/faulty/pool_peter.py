import numpy as np


class AveragePool:
    """Average over k x k; the zeros of the border count."""

    def __init__(self, k, stride, pad):
        self.k, self.stride, self.pad = k, stride, pad

    def forward(self, x):
        k, s, p = self.k, self.stride, self.pad
        self.h, self.w = x.shape[2:]
        x = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
        oh, ow = (x.shape[2] - k) // s + 1, (x.shape[3] - k) // s + 1
        acc = np.zeros(x.shape[:2] + (oh, ow))
        for u in range(k):
            for v in range(k):
                acc += x[:, :, u:u + s * oh:s, v:v + s * ow:s]
        return acc / k ** 2

    def backward(self, dout):
        k, s, p = self.k, self.stride, self.pad
        oh, ow = dout.shape[2:]
        dx = np.zeros(dout.shape[:2] + (self.h + 2 * p, self.w + 2 * p))
        for u in range(k):
            for v in range(k):
                dx[:, :, u:u + s * oh:s, v:v + s * ow:s] += dout / k ** 2
        return dx[:, :, :self.h, :self.w]
