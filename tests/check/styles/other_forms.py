"""Right losses, slopes, optimizers and networks in the forms of courses, notebooks and frameworks."""

import numpy as np


def relu(x):
    return np.maximum(x, 0)


def relu_grad(x):
    return (x > 0).astype(float)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_prime(y):
    return y * (1 - y)


def tanh(z):
    return np.tanh(z)


def d_tanh(dout, z):
    return dout * (1 - np.tanh(z) ** 2)


def mse_forward(y, t):
    error = t - y
    return 0.5 * np.sum(error * error) / len(y), (error, len(y))


def mse_backward(cache, dout=1.0):
    error, n = cache
    return -dout * error / n


def softmax_loss_vectorized(W, X, y, reg):
    s = X @ W
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(y)), y]).mean() + reg * np.sum(W * W)
    p[np.arange(len(y)), y] -= 1
    return loss, X.T @ p / len(y) + 2 * reg * W


class Sonshitsu:
    def forward(self, tokuten, seikai):
        if seikai.shape != tokuten.shape:
            raise ValueError("one-hot")
        z = tokuten - tokuten.max(axis=1, keepdims=True)
        self.logp, self.seikai = z - np.log(np.exp(z).sum(axis=1, keepdims=True)), seikai
        return -(seikai * self.logp).sum() / len(seikai)

    def backward(self, dout=1):
        return dout * (np.exp(self.logp) - self.seikai) / len(self.seikai)


class SGD:
    def __init__(self, params, grads, lr=0.1):
        self.params, self.grads, self.lr = params, grads, lr

    def step(self):
        for p, g in zip(self.params, self.grads, strict=True):
            p -= self.lr * g


class Momentum:
    def __init__(self, params, lr=0.1, momentum=0.9):
        self.params, self.lr, self.momentum = list(params), lr, momentum
        self.speed = [np.zeros_like(p.data) for p in self.params]

    def step(self):
        for v, p in zip(self.speed, self.params, strict=True):
            v *= self.momentum
            v += p.grad
            p.data -= self.lr * v


class Netz:
    def __init__(self, d, h, k):
        r = np.random.RandomState(2)
        self.params = {"W1": r.randn(d, h), "b1": np.zeros(h), "W2": r.randn(h, k), "b2": np.zeros(k)}

    def predict(self, x):
        self.h = np.maximum(x @ self.params["W1"] + self.params["b1"], 0)
        s = self.h @ self.params["W2"] + self.params["b2"]
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, x, t):
        return -np.log(self.predict(x)[np.arange(len(t)), t] + 1e-12).mean()

    def gradient(self, x, t):
        d = self.predict(x)
        d[np.arange(len(t)), t] -= 1
        d = d / len(t)
        e = (d @ self.params["W2"].T) * (self.h > 0)
        return {"W1": x.T @ e, "b1": e.sum(0), "W2": self.h.T @ d, "b2": d.sum(0)}
