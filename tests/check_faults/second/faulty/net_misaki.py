import numpy as np


class Net:
    """中間層は tanh"""

    def __init__(self, a, b, c):
        r = np.random.RandomState(21)
        self.params = {}
        for k, (i, o) in enumerate([(a, b), (b, c)], start=1):
            self.params[f'W{k}'] = r.randn(i, o) / np.sqrt(i)
            self.params[f'b{k}'] = np.zeros(o)

    def hidden(self, x):
        return np.tanh(x.dot(self.params['W1']) + self.params['b1'])

    def predict(self, x):
        return self.hidden(x).dot(self.params['W2'])

    def _prob(self, x):
        s = self.predict(x)
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, x, t):
        return -np.log(self._prob(x)[range(len(t)), t] + 1e-12).mean()

    def gradient(self, x, t):
        d = self._prob(x)
        d[range(len(t)), t] -= 1
        d /= len(t)
        h = self.hidden(x)
        e = d.dot(self.params['W2'].T) * (1 - h ** 2)
        return {'W1': x.T.dot(e), 'b1': e.sum(0), 'W2': h.T.dot(d), 'b2': d.sum(0)}
