import numpy as np


class Regressor:
    """Any number of tanh layers, linear output, squared error (mean over samples, half)."""

    def __init__(self, sizes, seed=1):
        rs = np.random.RandomState(seed)
        self.depth = len(sizes) - 1
        self.params = {}
        for k in range(self.depth):
            self.params[f'W{k}'] = rs.randn(sizes[k], sizes[k + 1]) / np.sqrt(sizes[k])
            self.params[f'b{k}'] = np.zeros(sizes[k + 1])

    def predict(self, x, trace=None):
        for k in range(self.depth):
            if trace is not None:
                trace.append(x)
            x = x @ self.params[f'W{k}'] + self.params[f'b{k}']
            if k < self.depth - 1:
                x = np.tanh(x)
        return x

    def loss(self, x, t):
        return 0.5 * np.sum((self.predict(x) - t) ** 2) / x.shape[0]

    def gradient(self, x, t):
        trace = []
        delta = (self.predict(x, trace) - t) / x.shape[0]
        grads = {}
        for k in reversed(range(self.depth)):
            grads[f'W{k}'] = trace[k].T @ delta
            grads[f'b{k}'] = delta.sum(axis=0)
            if k:
                delta = (delta @ self.params[f'W{k}'].T) * (1 - trace[k] ** 2)
        return grads
