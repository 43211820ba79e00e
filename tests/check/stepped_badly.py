"""Optimizers, layers and losses whose every gradient is right, and that train badly all the same."""

import numpy as np


class SGD:
    """Plain gradient descent; those below change its rate or its rule."""

    def __init__(self, lr=0.01):
        self.lr, self.n, self.memory = lr, 0, {}

    def update(self, params, grads):
        self.n += 1
        for key, one in params.items():
            one[...] = one - self.way(key, grads[key])

    def way(self, key, grad):
        return self.lr * grad


class SGDOfNothing(SGD):
    """A rate of 1e-9."""

    def __init__(self, lr=1e-9):
        super().__init__(lr)


class SGDTooFast(SGD):
    """A rate of 300."""

    def __init__(self, lr=300.0):
        super().__init__(lr)


class Inventive(SGD):
    """A rule of its own name that goes uphill."""

    def way(self, key, grad):
        return -self.lr * np.sign(grad)


class MomentumThatForgets(SGD):
    """Its memory is lost after every ninth step."""

    def way(self, key, grad):
        before = 0.0 if self.n % 9 == 1 else self.memory.get(key, 0.0)
        self.memory[key] = 0.9 * before + self.lr * grad
        return self.memory[key]


class AdamThatTires(SGD):
    """After the sixth step it hardly moves."""

    def way(self, key, grad):
        m, v = self.memory.get(key, (0.0, 0.0))
        m, v = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad * grad
        self.memory[key] = m, v
        step = m / (1 - 0.9**self.n) / (np.sqrt(v / (1 - 0.999**self.n)) + 1e-8)
        return self.lr * step * (1 if self.n <= 6 else 1e-3)


class AdamWThatGrows(AdamThatTires):
    """Its decay makes weights grow."""

    def __init__(self, lr=0.01, weight_decay=0.01):
        super().__init__(lr)
        self.weight_decay = weight_decay

    def update(self, params, grads):
        self.n += 1
        for key, one in params.items():
            one[...] = (1 + 60 * self.weight_decay * self.lr) * one - self.lr * np.sign(grads[key])


OPTIMIZERS = {
    SGDOfNothing: ("rate_small",),
    SGDTooFast: ("rate_large",),
    Inventive: ("sign",),
    MomentumThatForgets: ("memory_lost",),
    AdamThatTires: (),
    AdamWThatGrows: (),
}


class Dense:
    """An affine layer with a step of its own; those below step otherwise."""

    def __init__(self, W, b):
        self.W, self.b, self.sums = W, b, {}

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T

    def update(self, lr):
        self.W -= lr * self.dW
        self.b -= lr * self.db


class DenseUp(Dense):
    """It goes up."""

    def update(self, lr):
        super().update(-lr)


class DenseWithoutBias(Dense):
    """Its bias stays where it was."""

    def update(self, lr):
        self.W -= lr * self.dW


class DenseAddsUp(Dense):
    """Its step adds gradients up."""

    def update(self, lr):
        for key, one in (("W", self.dW), ("b", self.db)):
            self.sums[key] = self.sums.get(key, 0) + one
            setattr(self, key, getattr(self, key) - lr * self.sums[key])


class DenseThatTires(Dense):
    """Its gradients fade from the third call on."""

    def __init__(self, W, b):
        super().__init__(W, b)
        self.n = 0

    def backward(self, dout):
        self.n += 1
        dx = super().backward(dout)
        if self.n > 2:
            self.dW, self.db = np.zeros(self.W.shape), np.zeros(self.b.shape)
        return dx


LAYERS = {
    DenseUp: ("update", ("sign",)),
    DenseWithoutBias: ("b", ("left_out",)),
    DenseAddsUp: ("update", ("added_up",)),
    DenseThatTires: ("kept", ()),
}


class Surprise:
    """A loss of its own, turned over, and its right derivative."""

    def forward(self, x, t):
        self.p = np.exp(x - x.max(axis=1, keepdims=True))
        self.p /= self.p.sum(axis=1, keepdims=True)
        self.t = t
        return np.log(self.p[np.arange(len(t)), t] + 1e-7).mean()

    def backward(self, dout=1):
        p = self.p[np.arange(len(self.t)), self.t]
        share = p / (p + 1e-7)
        return dout * share[:, None] * (np.eye(self.p.shape[1])[self.t] - self.p) / len(self.t)
