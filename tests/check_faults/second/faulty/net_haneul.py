import numpy as np


class Classifier:
    """정답 t는 원-핫 벡터로 준다"""

    def __init__(self, n, m, k):
        g = np.random.RandomState(9)
        self.params = {'W1': g.randn(n, m) * .3, 'b1': np.zeros(m), 'W2': g.randn(m, k) * .3, 'b2': np.zeros(k)}

    def predict(self, x):
        self.h = np.tanh(x @ self.params['W1'] + self.params['b1'])
        s = self.h @ self.params['W2'] + self.params['b2']
        e = np.exp(s - s.max(1, keepdims=True))
        return e / e.sum(1, keepdims=True)

    def loss(self, x, t):
        y = self.predict(x)
        picked = y[np.arange(len(y))[:, None], t.astype(int)]
        return -np.mean(np.log(picked + 1e-12))

    def gradient(self, x, t):
        y = self.predict(x)
        d = (y - t) / len(x)
        a = (d @ self.params['W2'].T) * (1 - self.h * self.h)
        return {'W1': x.T @ a, 'b1': a.sum(0), 'W2': self.h.T @ d, 'b2': d.sum(0)}
