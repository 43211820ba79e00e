"""A perceptron of any depth with tanh; lists of matrices."""
import numpy as np


class Network:
    def __init__(self, sizes):
        rng = np.random.default_rng(7)
        pairs = list(zip(sizes[:-1], sizes[1:]))
        self.weights = [rng.normal(0, 1 / np.sqrt(m), (m, n)) for m, n in pairs]
        self.biases = [np.zeros(n) for _, n in pairs]

    def _activations(self, x):
        outs = [x]
        for i, (W, b) in enumerate(zip(self.weights, self.biases)):
            x = x @ W + b
            if i < len(self.weights) - 1:
                x = np.tanh(x)
            outs.append(x)
        return outs

    def _log_softmax(self, s):
        s = s - s.max(axis=1, keepdims=True)
        return s - np.log(np.exp(s).sum(axis=1, keepdims=True))

    def loss(self, x, t):
        return -self._log_softmax(self._activations(x)[-1])[range(len(t)), t].mean()

    def gradient(self, x, t):
        outs = self._activations(x)
        delta = np.exp(self._log_softmax(outs[-1]))
        delta[range(len(t)), t] -= 1
        delta /= len(t)
        dW, db = [], []
        for i in reversed(range(len(self.weights))):
            dW.insert(0, outs[i].T @ delta)
            db.insert(0, delta.sum(axis=0))
            if i > 0:
                delta = (delta @ self.weights[i].T) * (1 - outs[i] ** 2)
        return dW, db
