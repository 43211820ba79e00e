"""Layers in one expression a pass: windows as views, einsum, pictures with their channels last."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Conv2D:
    """A convolution: weights (kh, kw, in, out)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        rng = np.random.default_rng(0)
        self.kernel = rng.normal(0, 0.1, (kernel_size, kernel_size, in_channels, out_channels))
        self.bias = np.zeros(out_channels)
        self.stride = stride
        self.padding = padding
        self.grads = {}

    def forward(self, x):
        p, s, k = self.padding, self.stride, len(self.kernel)
        self.shape = x.shape
        padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        self.windows = sliding_window_view(padded, (k, k), axis=(1, 2))[:, ::s, ::s]
        return np.einsum("nijcuv,uvcf->nijf", self.windows, self.kernel) + self.bias

    def backward(self, grad):
        p, s, k = self.padding, self.stride, len(self.kernel)
        self.grads["kernel"] = np.einsum("nijcuv,nijf->uvcf", self.windows, grad)
        self.grads["bias"] = grad.sum(axis=(0, 1, 2))
        back = np.einsum("nijf,uvcf->nijuvc", grad, self.kernel)
        n, h, w, c = self.shape
        padded = np.zeros((n, h + 2 * p, w + 2 * p, c))
        for u in range(k):
            for v in range(k):
                padded[:, u : u + s * grad.shape[1] : s, v : v + s * grad.shape[2] : s] += back[:, :, :, u, v]
        return padded[:, p : p + h, p : p + w]


class MaxPool2D:
    """Max-pooling; equals share."""

    def __init__(self, size, stride):
        self.size = size
        self.stride = stride

    def forward(self, x):
        self.x = x
        windows = sliding_window_view(x, (self.size, self.size), axis=(1, 2))
        self.windows = windows[:, :: self.stride, :: self.stride]
        return self.windows.max(axis=(-1, -2))

    def backward(self, grad):
        is_most = self.windows == self.windows.max(axis=(-1, -2), keepdims=True)
        share = is_most / is_most.sum(axis=(-1, -2), keepdims=True)
        back = np.einsum("nijcuv,nijc->nijcuv", share, grad)
        dx = np.zeros(self.x.shape)
        for i in range(grad.shape[1]):
            for j in range(grad.shape[2]):
                top, left = i * self.stride, j * self.stride
                dx[:, top : top + self.size, left : left + self.size] += back[:, i, j].transpose(0, 2, 3, 1)
        return dx


class Dense:
    """A full connection: weights (out, in)."""

    def __init__(self, n_in, n_out):
        self.weight = np.random.default_rng(1).normal(0, 0.1, (n_out, n_in))
        self.bias = np.zeros(n_out)
        self.grads = {}

    def forward(self, x):
        self.x = x
        return np.einsum("ni,oi->no", x, self.weight) + self.bias

    def backward(self, grad):
        self.grads = {"weight": np.einsum("no,ni->oi", grad, self.x), "bias": np.einsum("no->o", grad)}
        return np.einsum("no,oi->ni", grad, self.weight)


class Tanh:
    """The hyperbolic tangent."""

    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, grad):
        return grad * (1 - self.y**2)


class Softmax:
    """Probabilities."""

    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.y = e / e.sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, grad):
        jacobian = np.einsum("ni,ij->nij", self.y, np.eye(self.y.shape[1])) - np.einsum("ni,nj->nij", self.y, self.y)
        return np.einsum("nij,nj->ni", jacobian, grad)


class MSELoss:
    """The mean of the squares."""

    def forward(self, prediction, target):
        self.difference = prediction - target
        return np.mean(self.difference**2)

    def backward(self):
        return 2 * self.difference / self.difference.size
