"""Layers as a first attempt writes them: loops over samples, filters and places."""

import numpy as np


class Convolution:
    """A convolution."""

    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad

    def forward(self, x):
        self.x = x
        s, p = self.stride, self.pad
        N, C, H, W = x.shape
        F, _, kh, kw = self.W.shape
        oh = (H + 2 * p - kh) // s + 1
        ow = (W + 2 * p - kw) // s + 1
        self.xp = np.zeros((N, C, H + 2 * p, W + 2 * p))
        self.xp[:, :, p : p + H, p : p + W] = x
        out = np.zeros((N, F, oh, ow))
        for n in range(N):
            for f in range(F):
                for i in range(oh):
                    for j in range(ow):
                        window = self.xp[n, :, i * s : i * s + kh, j * s : j * s + kw]
                        out[n, f, i, j] = np.sum(window * self.W[f]) + self.b[f]
        return out

    def backward(self, dout):
        s, p = self.stride, self.pad
        N, C, H, W = self.x.shape
        F, _, kh, kw = self.W.shape
        dxp = np.zeros(self.xp.shape)
        self.dW = np.zeros(self.W.shape)
        self.db = np.zeros(self.b.shape)
        for n in range(N):
            for f in range(F):
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        window = self.xp[n, :, i * s : i * s + kh, j * s : j * s + kw]
                        self.dW[f] += window * dout[n, f, i, j]
                        self.db[f] += dout[n, f, i, j]
                        dxp[n, :, i * s : i * s + kh, j * s : j * s + kw] += self.W[f] * dout[n, f, i, j]
        return dxp[:, :, p : p + H, p : p + W]


class MaxPooling:
    """Max-pooling."""

    def __init__(self, pool_h, pool_w, stride=2):
        self.pool_h = pool_h
        self.pool_w = pool_w
        self.stride = stride

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        oh = (H - self.pool_h) // self.stride + 1
        ow = (W - self.pool_w) // self.stride + 1
        out = np.zeros((N, C, oh, ow))
        for i in range(oh):
            for j in range(ow):
                top, left = i * self.stride, j * self.stride
                out[:, :, i, j] = x[:, :, top : top + self.pool_h, left : left + self.pool_w].max(axis=(2, 3))
        return out

    def backward(self, dout):
        dx = np.zeros(self.x.shape)
        N, C, oh, ow = dout.shape
        for n in range(N):
            for c in range(C):
                for i in range(oh):
                    for j in range(ow):
                        top, left = i * self.stride, j * self.stride
                        window = self.x[n, c, top : top + self.pool_h, left : left + self.pool_w]
                        u, v = np.unravel_index(window.argmax(), window.shape)
                        dx[n, c, top + u, left + v] += dout[n, c, i, j]
        return dx


class Affine:
    """A full connection."""

    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        out = np.zeros((len(x), self.W.shape[1]))
        for n in range(len(x)):
            for k in range(self.W.shape[1]):
                out[n, k] = np.sum(x[n] * self.W[:, k]) + self.b[k]
        return out

    def backward(self, dout):
        dx = np.zeros(self.x.shape)
        self.dW = np.zeros(self.W.shape)
        self.db = np.zeros(self.b.shape)
        for n in range(len(dout)):
            dx[n] = np.dot(self.W, dout[n])
            self.dW += np.outer(self.x[n], dout[n])
            self.db += dout[n]
        return dx


class ReLU:
    """Rectified linear units."""

    def forward(self, x):
        self.x = x
        out = np.zeros(x.shape)
        for place in np.ndindex(x.shape):
            out[place] = x[place] if x[place] > 0 else 0
        return out

    def backward(self, dout):
        dx = np.zeros(dout.shape)
        for place in np.ndindex(dout.shape):
            dx[place] = dout[place] if self.x[place] > 0 else 0
        return dx


class SoftmaxLoss:
    """Softmax with cross-entropy, of class numbers."""

    def forward(self, x, t):
        self.t = t
        self.y = np.zeros(x.shape)
        loss = 0
        for n in range(len(x)):
            powers = np.exp(x[n] - np.max(x[n]))
            self.y[n] = powers / np.sum(powers)
            loss -= np.log(self.y[n, t[n]])
        return loss / len(x)

    def backward(self, dout=1):
        dx = self.y.copy()
        for n in range(len(dx)):
            dx[n, self.t[n]] -= 1
        return dout * dx / len(dx)
