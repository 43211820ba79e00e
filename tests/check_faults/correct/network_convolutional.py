"""작은 합성곱 신경망: 합성곱 - ReLU - 풀링 - 완전연결."""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class SmallConvNet:
    def __init__(self, channels=1, filters=3, size=4, classes=4):
        rng = np.random.default_rng(5)
        self.kernel = rng.normal(0, 0.5, (filters, channels, 3, 3))
        self.bias = rng.normal(0, 0.5, filters)
        self.V = rng.normal(0, 0.5, (filters * (size // 2) ** 2, classes))
        self.v = np.zeros(classes)

    def predict(self, x):
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        self.windows = sliding_window_view(padded, (3, 3), axis=(2, 3))
        a = np.einsum("nchwij,fcij->nfhw", self.windows, self.kernel) + self.bias[:, None, None]
        z = np.maximum(a, 0)
        n, f, h, w = z.shape
        self.blocks = z.reshape(n, f, h // 2, 2, w // 2, 2)
        self.pooled = self.blocks.max(axis=(3, 5))
        self.positive = a > 0
        self.flat = self.pooled.reshape(n, -1)
        return self.flat @ self.V + self.v

    def loss(self, x, t):
        s = self.predict(x)
        s = s - s.max(axis=1, keepdims=True)
        self.p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
        return -np.log(self.p[np.arange(len(t)), t]).mean()

    def gradient(self, x, t):
        self.loss(x, t)
        d = (self.p - np.eye(self.p.shape[1])[t]) / len(t)
        grads = {"V": self.flat.T @ d, "v": d.sum(axis=0)}
        d = (d @ self.V.T).reshape(self.pooled.shape)[:, :, :, None, :, None]
        mask = self.blocks == self.pooled[:, :, :, None, :, None]
        d = (d * mask).reshape(self.positive.shape) * self.positive  # 0끼리의 동점은 ReLU가 지운다
        grads["kernel"] = np.einsum("nfhw,nchwij->fcij", d, self.windows)
        grads["bias"] = d.sum(axis=(0, 2, 3))
        return grads
