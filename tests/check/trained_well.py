"""Networks that train well, each by a way of its own: none is to be accused."""

import numpy as np
from trained_badly import Right


class Small(Right):
    """Weights of 0.01, as the book has them."""

    def __init__(self, seed=1):
        super().__init__(std=0.01, seed=seed)


class Large(Right):
    """Weights of 1, by `np.random.randn` alone."""

    def __init__(self, seed=1):
        super().__init__(std=1.0, seed=seed)


class Tanh(Right):
    """Another activation."""

    def hidden(self, x):
        return np.tanh(x @ self.params["W1"] + self.params["b1"])

    def slope(self, h):
        return 1 - h * h


class Sigmoid(Right):
    """The slowest activation, from small weights."""

    def __init__(self, seed=1):
        super().__init__(std=0.1, seed=seed)

    def hidden(self, x):
        return 1 / (1 + np.exp(-(x @ self.params["W1"] + self.params["b1"])))

    def slope(self, h):
        return h * (1 - h)


class Regression(Right):
    """No hidden layer, and weights that rightly begin with 0."""

    def __init__(self, seed=1):
        super().__init__()
        self.params = {"W": np.zeros((12, 4)), "b": np.zeros(4)}

    def predict(self, x):
        return x @ self.params["W"] + self.params["b"]

    def gradient(self, x, t):
        d = (self.probabilities(x) - np.eye(4)[t]) / len(t)
        return {"W": x.T @ d, "b": d.sum(axis=0)}


class Summed(Right):
    """A loss that is a sum over the batch, and a rate that goes with it."""

    def loss(self, x, t):
        return super().loss(x, t) * len(t)

    def gradient(self, x, t):
        return {key: one * len(t) for key, one in super().gradient(x, t).items()}

    def train_step(self, x, t, lr=0.003):
        self.move(self.gradient(x, t), lr)


class WithMomentum(Right):
    """A step with momentum, and a memory of its own."""

    def __init__(self, seed=1):
        super().__init__(seed=seed)
        self.v = {key: np.zeros(one.shape) for key, one in self.params.items()}

    def move(self, grads, lr):
        for key, one in self.params.items():
            self.v[key] = 0.9 * self.v[key] - lr * grads[key]
            one[...] = one + self.v[key]


class WithDecay(Right):
    """A step that lets weights fade, and clips gradients."""

    def move(self, grads, lr):
        for key, one in self.params.items():
            one[...] = one - lr * (np.clip(grads[key], -1, 1) + 1e-3 * one)


class ReturnsNew(Right):
    """A step that makes new arrays, which the forward pass takes, too."""

    def move(self, grads, lr):
        self.params = {key: one - lr * grads[key] for key, one in self.params.items()}


class Slowing(Right):
    """A training whose rate falls, and which leaves the last few samples out of each epoch."""

    def fit(self, x, t, n_epochs=20, batch_size=7, learning_rate=0.2):
        rng = np.random.default_rng(0)
        for epoch in range(n_epochs):
            order = rng.permutation(len(x))
            x, t = x[order], t[order]
            for at in range(0, len(x) - batch_size + 1, batch_size):
                rows = slice(at, at + batch_size)
                self.move(self.gradient(x[rows], t[rows]), learning_rate / (1 + 0.1 * epoch))


RIGHT = (Right, Small, Large, Tanh, Sigmoid, Regression, Summed, WithMomentum, WithDecay, ReturnsNew, Slowing)
