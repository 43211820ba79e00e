"""Convolution as a dataclass; the cache is freed after the backward pass."""
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Convolution:
    W: np.ndarray
    b: np.ndarray
    stride: int = 1
    pad: int = 0
    dW: np.ndarray | None = field(default=None, init=False)
    db: np.ndarray | None = field(default=None, init=False)
    _cache: tuple | None = field(default=None, init=False, repr=False)

    def forward(self, x):
        p, s = self.pad, self.stride
        k, l = self.W.shape[-2:]
        xp = np.pad(x, [(0, 0)] * 2 + [(p, p)] * 2)
        cols = np.stack([xp[..., i:i + k, j:j + l].reshape(len(x), -1)
                         for i in range(0, xp.shape[2] - k, s)
                         for j in range(0, xp.shape[3] - l + 1, s)], axis=1)
        self._cache = cols, xp.shape
        out = cols @ self.W.reshape(len(self.W), -1).T + self.b
        rows = (xp.shape[2] - k - 1) // s + 1
        return out.transpose(0, 2, 1).reshape(len(x), len(self.W), rows, -1)

    def backward(self, dout):
        cols, (n, c, h, w) = self._cache
        self._cache = None
        p, s = self.pad, self.stride
        k, l = self.W.shape[-2:]
        d = dout.reshape(n, len(self.W), -1)
        self.dW = np.einsum("nfp,npk->fk", d, cols).reshape(self.W.shape)
        self.db = d.sum((0, 2))
        dxp = np.zeros((n, c, h, w))
        pieces = np.einsum("nfp,fcij->pncij", d, self.W)
        places = [(i, j) for i in range(0, h - k + 1, s) for j in range(0, w - l + 1, s)]
        for (i, j), piece in zip(places, pieces):
            dxp[..., i:i + k, j:j + l] += piece
        return dxp[..., p:h - p, p:w - p]
