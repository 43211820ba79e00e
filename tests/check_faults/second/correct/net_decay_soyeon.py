import numpy as np


class Net:
    """가중치 감소(L2)가 있는 2층 신경망"""

    def __init__(self, d, h, c, lam=0.1):
        r = np.random.RandomState(11)
        self.lam = lam
        self.params = dict(W1=r.randn(d, h) * np.sqrt(2 / d), b1=np.zeros(h), W2=r.randn(h, c) * np.sqrt(2 / h), b2=np.zeros(c))

    def _forward(self, x):
        P = self.params
        a = x.dot(P['W1']) + P['b1']
        z = a * (a > 0)
        s = z.dot(P['W2']) + P['b2']
        e = np.exp(s - np.max(s, axis=1, keepdims=True))
        return a, z, e / np.sum(e, axis=1, keepdims=True)

    def loss(self, x, t):
        y = self._forward(x)[2]
        data = -np.mean(np.log(y[np.arange(t.size), t] + 1e-15))
        penalty = sum(np.sum(self.params[k] ** 2) for k in ('W1', 'W2'))
        return data + 0.5 * self.lam * penalty

    def gradient(self, x, t):
        P = self.params
        a, z, y = self._forward(x)
        d2 = (y - np.eye(y.shape[1])[t]) / t.size
        d1 = np.where(a > 0, d2.dot(P['W2'].T), 0)
        return dict(W1=x.T.dot(d1) + self.lam * P['W1'], b1=d1.sum(axis=0),
                    W2=z.T.dot(d2) + self.lam * P['W2'], b2=d2.sum(axis=0))
