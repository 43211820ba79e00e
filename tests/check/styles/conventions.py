"""Right code after other conventions: mirrored filters, one column, shapes handed to backward, no arguments."""

from dataclasses import dataclass

import numpy as np


class FlippedConv:
    """Convolution as in mathematics: the kernel is flipped."""

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        n, _, h, w = x.shape
        f, _, kh, kw = self.W.shape
        out = np.zeros((n, f, h - kh + 1, w - kw + 1))
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                patch = x[:, :, i : i + kh, j : j + kw]
                out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", patch, self.W[:, :, ::-1, ::-1])
        return out + self.b.reshape(1, -1, 1, 1)

    def backward(self, dout):
        kh, kw = self.W.shape[2:]
        turned, dx = np.zeros_like(self.W), np.zeros_like(self.x)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                g, patch = dout[:, :, i, j], self.x[:, :, i : i + kh, j : j + kw]
                turned += np.einsum("nf,ncuv->fcuv", g, patch)
                dx[:, :, i : i + kh, j : j + kw] += np.einsum("nf,fcuv->ncuv", g, self.W[:, :, ::-1, ::-1])
        self.dW, self.db = turned[:, :, ::-1, ::-1], dout.sum(axis=(0, 2, 3))
        return dx


@dataclass
class GlobalPooling:
    kind: str = "mean"

    def forward(self, x):
        self.shape = x.shape
        rows = x.reshape(*x.shape[:2], -1)
        return rows.mean(axis=2) if self.kind == "mean" else rows.sum(axis=2)

    def backward(self, dout):
        n, c, h, w = self.shape
        return np.ones((n, c, h, w)) * dout[:, :, None, None] / (h * w if self.kind == "mean" else 1)


def meanpool_forward(a, size, step):
    n, c, h, w = a.shape
    out = np.zeros((n, c, (h - size) // step + 1, (w - size) // step + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = a[:, :, i * step : i * step + size, j * step : j * step + size].mean(axis=(2, 3))
    return out


def meanpool_backward(dz, input_shape, size, step):
    da = np.zeros(input_shape)
    for i in range(dz.shape[2]):
        for j in range(dz.shape[3]):
            place = (..., slice(i * step, i * step + size), slice(j * step, j * step + size))
            da[place] += dz[:, :, i, j][..., None, None] / size**2
    return da


def binary_cross_entropy(logit, t):
    """The mean over the batch; both are (n, 1)."""
    value = np.logaddexp(0, logit) - t * logit
    return value.mean(), (1 / (1 + np.exp(-logit)) - t) / len(t)


class LineError:
    """Half the mean squared error of a regression; y and t are (N,)."""

    def forward(self, y, t):
        self.y, self.t = y, t
        return 0.5 * np.mean((y - t) ** 2)

    def backward(self):
        return (self.y - self.t) / len(self.t)


class SoftmaxWithLoss:
    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = e / e.sum(axis=1, keepdims=True), t
        return -np.sum(t * np.log(self.y + 1e-7)) / len(t)

    def backward(self, dout=1):
        return (self.y - self.t) / len(self.t)


class LogisticRegression:
    """Labels are 0 or 1, in a column."""

    def __init__(self, dim):
        self.w, self.b = np.zeros((dim, 1)), np.zeros(1)

    def loss(self, x, t):
        self.x, self.t = x, t
        self.z = x @ self.w + self.b
        return (np.logaddexp(0, self.z) - t * self.z).mean()

    def gradient(self, x, t):
        self.loss(x, t)
        dz = (1 / (1 + np.exp(-self.z)) - t) / len(t)
        return {"w": x.T @ dz, "b": dz.sum(axis=0)}


class OneNumber:
    """A line through points; labels are (N,)."""

    def __init__(self, n_in):
        self.params = {"w": np.zeros(n_in), "b": np.zeros(1)}

    def predict(self, x):
        return x @ self.params["w"] + self.params["b"]

    def loss(self, x, t):
        return np.mean((self.predict(x) - t) ** 2)

    def gradient(self, x, t):
        d = 2 * (self.predict(x) - t) / len(t)
        return {"w": x.T @ d, "b": np.array([d.sum()])}


class DecayedLinear:
    def __init__(self, n_in, n_out):
        self.W, self.b = 0.1 * np.random.randn(n_in, n_out), np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout, decay):
        self.dW = self.x.T @ dout + decay * self.W
        self.db = dout.sum(axis=0)
        return dout @ self.W.T
