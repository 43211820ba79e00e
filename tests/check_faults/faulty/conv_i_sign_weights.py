"""Convolution with index arrays; parameters and gradients live in dicts."""
import numpy as np


class ConvLayer:
    def __init__(self, n_in, n_out, size, stride=1, pad=0, rng=None):
        rng = rng or np.random.default_rng()
        self.params = {"W": 0.1 * rng.standard_normal((n_out, n_in, size, size)), "b": rng.standard_normal(n_out)}
        self.grads = {}
        self.size, self.stride, self.pad = size, stride, pad

    def _index(self, shape):
        n, c, h, w = shape
        k, s, p = self.size, self.stride, self.pad
        oh, ow = (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1
        ch = np.repeat(np.arange(c), k * k)[:, None]
        i = np.tile(np.repeat(np.arange(k), k), c)[:, None] + s * np.repeat(np.arange(oh), ow)[None]
        j = np.tile(np.tile(np.arange(k), k), c)[:, None] + s * np.tile(np.arange(ow), oh)[None]
        return ch, i, j, oh, ow

    def forward(self, x):
        p = self.pad
        ch, i, j, oh, ow = self._index(x.shape)
        cols = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))[:, ch, i, j]
        flat = self.params["W"].reshape(len(self.params["W"]), -1)
        out = flat @ cols + self.params["b"][:, None]
        self.cache = (x.shape, cols, flat)
        return out.reshape(len(x), -1, oh, ow)

    def backward(self, dout):
        shape, cols, flat = self.cache
        p = self.pad
        n, c, h, w = shape
        ch, i, j, oh, ow = self._index(shape)
        d = dout.reshape(n, -1, oh * ow)
        self.grads["W"] = -np.einsum("nfp,nkp->fk", d, cols).reshape(self.params["W"].shape)
        self.grads["b"] = d.sum(axis=(0, 2))
        dx = np.zeros((n, c, h + 2 * p, w + 2 * p))
        np.add.at(dx, (slice(None), ch, i, j), flat.T @ d)
        return dx[:, :, p:p + h, p:p + w]
