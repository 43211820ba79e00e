import numpy as np


class TwoLayerNet:
    def __init__(self, d, h, k):
        rng = np.random.RandomState(2)
        self.params = {'W1': rng.randn(d, h) * 0.1, 'b1': np.zeros(h), 'W2': rng.randn(h, k) * 0.1, 'b2': np.zeros(k)}

    def forward(self, x):
        W1, b1, W2, b2 = (self.params[n] for n in ('W1', 'b1', 'W2', 'b2'))
        self.h = np.maximum(x @ W1 + b1, 0)
        s = self.h @ W2 + b2
        s -= s.max(axis=1, keepdims=True)
        return s - np.log(np.exp(s).sum(axis=1, keepdims=True))

    def loss(self, x, t):
        return -self.forward(x)[np.arange(len(t)), t].mean()

    def gradient(self, x, t):
        d = np.exp(self.forward(x))
        d[np.arange(len(t)), t] -= 1.0
        d /= len(t)
        grads = {}
        grads['W2'] = self.h.T @ d
        grads['b2'] = d.sum(axis=0)
        d = d @ self.params['W2'].T
        d[self.h == 0] = 0
        grads['W1'] = x.T @ d
        grads['b1'] = grads['b2'].copy()
        return grads
