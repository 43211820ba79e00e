"""My own Conv layer, single precision, He initialisation."""
import numpy as np


class Conv:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, seed=None):
        rng = np.random.default_rng(seed)
        fan_in = in_channels * kernel_size ** 2
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.kernel = (rng.standard_normal(shape) * np.sqrt(2 / fan_in)).astype(np.float32)
        self.bias = np.zeros(out_channels, dtype=np.float32)
        self.k, self.s, self.p = kernel_size, stride, padding

    def forward(self, inp):
        self.inp = np.pad(inp, ((0, 0), (0, 0), (self.p, self.p), (self.p, self.p)))
        h = (self.inp.shape[2] - self.k) // self.s + 1
        w = (self.inp.shape[3] - self.k) // self.s + 1
        out = np.zeros((len(inp), len(self.kernel), h, w), dtype=np.float32)
        for u in range(self.k):
            for v in range(self.k):
                tap = self.inp[:, :, u:u + self.s * h:self.s, v:v + self.s * w:self.s]
                out += np.einsum("nchw,fc->nfhw", tap, self.kernel[:, :, u, v])
        return out + self.bias[:, None, None]

    def backward(self, upstream):
        h, w = upstream.shape[2:]
        self.grad_kernel = np.zeros_like(self.kernel)
        self.grad_bias = upstream.sum(axis=(0, 2))
        grad = np.zeros_like(self.inp)
        for u in range(self.k):
            for v in range(self.k):
                rows, cols = slice(u, u + self.s * h, self.s), slice(v, v + self.s * w, self.s)
                self.grad_kernel[:, :, u, v] = np.einsum("nfhw,nchw->fc", upstream, self.inp[:, :, rows, cols])
                grad[:, :, rows, cols] += np.einsum("nfhw,fc->nchw", upstream, self.kernel[:, :, u, v])
        end_h, end_w = grad.shape[2] - self.p, grad.shape[3] - self.p
        return grad[:, :, self.p:end_h, self.p:end_w]
