"""Right layers that nobody would write twice the same way."""
from dataclasses import dataclass, field

import numpy as np


class KeywordOnly:
    def __init__(self, *, in_features: int, out_features: int):
        rng = np.random.default_rng(0)
        self._weight, self._bias = rng.normal(size=(out_features, in_features)), np.zeros(out_features)

    def forward(self, x):
        self._input = x
        return x @ self._weight.T + self._bias

    def backward(self, grad):
        self._weight_grad, self._bias_grad = grad.T @ self._input, grad.sum(0)
        return grad @ self._weight


@dataclass
class LinearLayer:
    W: np.ndarray
    b: np.ndarray
    gradients: dict = field(default_factory=dict)

    def __call__(self, x):
        return x @ self.W + self.b, x

    def backward(self, dout, x):
        self.gradients = {"W": x.T @ dout, "b": dout.sum(axis=0)}
        return dout @ self.W.T


class OutInLoops:
    """Weights (out, in), read as far as the matrix goes."""

    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias

    def forward(self, inputs):
        self.inputs = inputs
        out = np.zeros((len(inputs), len(self.weights)))
        for n, row in enumerate(inputs):
            for o in range(len(self.weights)):
                out[n, o] = self.bias[o] + sum(self.weights[o, i] * row[i] for i in range(len(self.weights[o])))
        return out

    def backward(self, dout):
        self.dweights = dout.T @ self.inputs
        self.dbias = dout.sum(0)
        return dout @ self.weights


class SlotsConv:
    __slots__ = ("w", "b", "s", "x", "dw", "db")

    def __init__(self, w, b, s=1):
        self.w, self.b, self.s = w, b, s

    def forward(self, x):
        self.x, (kh, kw, _, f), s = x, self.w.shape, self.s
        oh, ow = (x.shape[1] - kh) // s + 1, (x.shape[2] - kw) // s + 1
        out = np.empty((len(x), oh, ow, f))
        for i in range(oh):
            for j in range(ow):
                out[:, i, j] = np.tensordot(x[:, i * s:i * s + kh, j * s:j * s + kw], self.w, 3) + self.b
        return out

    def backward(self, d):
        kh, kw, s = *self.w.shape[:2], self.s
        dx, self.dw, self.db = np.zeros_like(self.x), np.zeros_like(self.w), d.sum((0, 1, 2))
        for i in range(d.shape[1]):
            for j in range(d.shape[2]):
                at = (slice(None), slice(i * s, i * s + kh), slice(j * s, j * s + kw))
                self.dw += np.tensordot(self.x[at], d[:, i, j], (0, 0))
                dx[at] += np.tensordot(d[:, i, j], self.w, (1, 3))
        return dx


class SquareConv2d:
    """Square pictures only."""

    def __init__(self, in_ch, out_ch, ksize):
        self.W, self.b = np.random.randn(out_ch, in_ch, ksize, ksize), np.zeros((out_ch, 1))

    def forward(self, x):
        self.x, k, n = x, self.W.shape[2], x.shape[2]
        o = n - k + 1
        self.cols = np.stack([x[:, :, i:i + o, j:j + o].reshape(len(x), x.shape[1], o * o)
                              for i in range(k) for j in range(k)], axis=2)
        return np.einsum("fck,nckp->nfp", self.W.reshape(*self.W.shape[:2], -1), self.cols).reshape(
            len(x), -1, o, o) + self.b[None, :, :, None]

    def backward(self, d):
        k, o = self.W.shape[2], d.shape[2]
        flat = d.reshape(*d.shape[:2], -1)
        self.dW = np.einsum("nfp,nckp->fck", flat, self.cols).reshape(self.W.shape)
        self.db = flat.sum(axis=(0, 2))[:, None]
        dx = np.zeros_like(self.x)
        for i in range(k):
            for j in range(k):
                dx[:, :, i:i + o, j:j + o] += np.einsum("nfhw,fc->nchw", d, self.W[:, :, i, j])
        return dx


class OneStrideOnly:
    """Says itself what it does not do."""

    def __init__(self, pool_size, stride):
        self.pool_size, self.stride = pool_size, stride

    def forward(self, x):
        if self.stride != self.pool_size:
            raise ValueError("windows must not overlap")
        k = self.pool_size
        n, c, h, w = x.shape
        self.windows = x.reshape(n, c, h // k, k, w // k, k).transpose(0, 1, 2, 4, 3, 5).reshape(
            n, c, h // k, w // k, k * k)
        return self.windows.max(axis=-1)

    def backward(self, d):
        k = self.pool_size
        made = (np.arange(k * k) == self.windows.argmax(-1)[..., None]) * d[..., None]
        n, c, h, w, _ = made.shape
        return made.reshape(n, c, h, w, k, k).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h * k, w * k)


class ScaledTanh:
    def forward(self, x):
        self.y = 1.7159 * np.tanh(2 / 3 * x)
        return self.y

    def backward(self, d):
        return d * 2 / 3 * (1.7159 - self.y**2 / 1.7159)


class Relu6:
    def forward(self, x):
        self.x = x
        return np.clip(x, 0, 6)

    def backward(self, d):
        return np.where((self.x > 0) & (self.x < 6), d, 0)


class BatchNorm:
    def __init__(self, gamma, beta, momentum=0.9):
        self.gamma, self.beta, self.momentum = gamma, beta, momentum
        self.running_mean, self.running_var = np.zeros_like(gamma), np.ones_like(gamma)

    def forward(self, x, train_flg=True):
        if not train_flg:
            return self.gamma * (x - self.running_mean) / np.sqrt(self.running_var + 1e-5) + self.beta
        mean, var = x.mean(0), x.var(0)
        self.std = np.sqrt(var + 1e-5)
        self.xn = (x - mean) / self.std
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
        self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        return self.gamma * self.xn + self.beta

    def backward(self, d):
        self.dgamma, self.dbeta = (d * self.xn).sum(0), d.sum(0)
        d = d * self.gamma
        return (d - d.mean(0) - self.xn * (d * self.xn).mean(0)) / self.std


class Dropout:
    def __init__(self, dropout_ratio=0.5):
        self.dropout_ratio = dropout_ratio

    def forward(self, x, train_flg=True):
        if train_flg:
            self.mask = np.random.rand(*x.shape) > self.dropout_ratio
            return x * self.mask
        return x * (1.0 - self.dropout_ratio)

    def backward(self, dout):
        return dout * self.mask


class SingleBackward:
    """Double in the forward pass, single in the backward."""

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, d):
        d = d.astype(np.float32)
        self.dW, self.db = self.x.astype(np.float32).T @ d, d.sum(0)
        return d @ self.W.T.astype(np.float32)


class FocalLoss:
    def forward(self, x, t):
        e = np.exp(x - x.max(1, keepdims=True))
        self.p, self.t = e / e.sum(1, keepdims=True), t
        self.pt = self.p[np.arange(len(t)), t]
        return np.mean(-((1 - self.pt) ** 2) * np.log(self.pt))

    def backward(self):
        slope = 2 * (1 - self.pt) * np.log(self.pt) - (1 - self.pt) ** 2 / self.pt
        return (slope * self.pt)[:, None] * (np.eye(self.p.shape[1])[self.t] - self.p) / len(self.t)
