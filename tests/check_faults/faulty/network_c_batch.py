"""層を作らず、式をそのまま書いた二層のネットワーク。"""
import numpy as np


class TwoLayerNet:
    def __init__(self, n_in, n_hidden, n_out, seed=0):
        rng = np.random.default_rng(seed)
        self.params = {
            "W1": rng.normal(size=(n_in, n_hidden)) * np.sqrt(2 / n_in),
            "b1": rng.normal(size=n_hidden),
            "W2": rng.normal(size=(n_hidden, n_out)) * np.sqrt(2 / n_hidden),
            "b2": rng.normal(size=n_out),
        }

    def _forward(self, x):
        p = self.params
        a1 = x @ p["W1"] + p["b1"]
        z1 = np.maximum(a1, 0)
        a2 = z1 @ p["W2"] + p["b2"]
        a2 = a2 - a2.max(axis=1, keepdims=True)
        y = np.exp(a2)
        return a1, z1, y / y.sum(axis=1, keepdims=True)

    def predict(self, x):
        return self._forward(x)[2]

    def loss(self, x, t):
        y = self.predict(x)
        return -np.mean(np.log(y[np.arange(len(t)), t]))

    def gradient(self, x, t):
        a1, z1, y = self._forward(x)
        delta2 = (y - np.eye(y.shape[1])[t])
        delta1 = (delta2 @ self.params["W2"].T) * (a1 > 0)
        return {
            "W1": x.T @ delta1, "b1": delta1.sum(axis=0),
            "W2": z1.T @ delta2, "b2": delta2.sum(axis=0),
        }
