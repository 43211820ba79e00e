"""Gradients are added into arrays which each backward pass first sets to zero."""
import numpy as np


class Layer:
    def zero_grad(self):
        self.dW[...] = 0.0
        self.db[...] = 0.0

    def forward(self, x):
        raise NotImplementedError

    def backward(self, dout):
        raise NotImplementedError


class Conv(Layer):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, pad=0, lr=0.01):
        rng = np.random.default_rng(0)
        scale = np.sqrt(2.0 / (in_channels * kernel_size * kernel_size))
        self.W = rng.normal(0.0, scale, (out_channels, in_channels, kernel_size, kernel_size))
        self.b = rng.normal(size=out_channels)
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)
        self.lr = lr
        self.stride, self.pad, self.k = stride, pad, kernel_size

    def _places(self, oh, ow):
        for i in range(oh):
            for j in range(ow):
                top, left = i * self.stride, j * self.stride
                yield i, j, (slice(None), slice(None), slice(top, top + self.k), slice(left, left + self.k))

    def forward(self, x):
        p = self.pad
        self.padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        oh, ow = ((size - self.k) // self.stride + 1 for size in self.padded.shape[2:])
        out = np.zeros((x.shape[0], self.W.shape[0], oh, ow))
        for i, j, place in self._places(oh, ow):
            out[:, :, i, j] = np.einsum("ncij,fcij->nf", self.padded[place], self.W)
        out += self.b[:, np.newaxis, np.newaxis]
        return out

    def backward(self, dout):
        self.zero_grad()
        dx = np.zeros_like(self.padded)
        for i, j, place in self._places(*dout.shape[2:]):
            self.dW += self.lr * np.einsum("nf,ncij->fcij", dout[:, :, i, j], self.padded[place])
            self.db += dout[:, :, i, j].sum(axis=0)
            dx[place] += np.einsum("nf,fcij->ncij", dout[:, :, i, j], self.W)
        p = self.pad
        return dx[:, :, p:-p, p:-p] if p else dx
