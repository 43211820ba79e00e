"""最大プーリング (単精度)。窓の中の位置ごとに調べ、最初の最大だけに勾配を渡す。"""
import numpy as np


class MaxPool2d:
    def __init__(self, kernel_size, stride=None):
        self.k = kernel_size
        self.s = stride or kernel_size

    def _tap(self, array, u, v):
        h, w = self.out_hw
        return array[:, :, u:u + self.s * h:self.s, v:v + self.s * w:self.s]

    def forward(self, inp):
        self.inp = inp
        self.out_hw = tuple((size - self.k) // self.s + 1 for size in inp.shape[2:])
        best = np.full(inp.shape[:2] + self.out_hw, -np.inf, dtype=inp.dtype)
        for u in range(self.k):
            for v in range(self.k):
                np.maximum(best, self._tap(inp, u, v), out=best)
        self.best = best
        return best.copy()

    def backward(self, upstream):
        grad = np.zeros_like(self.inp)
        free = np.ones(upstream.shape, dtype=bool)
        for u in range(self.k):
            for v in range(self.k):
                hit = free & (self._tap(self.inp, u, v) == self.best)
                self._tap(grad, u, v)[...] -= upstream * hit
                free &= ~hit
        return grad
