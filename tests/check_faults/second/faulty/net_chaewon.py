import numpy as np


class SoftmaxRegression:
    """은닉층이 없는 분류기"""

    def __init__(self, n_in, n_class):
        self.params = {'W': 0.01 * np.random.randn(n_in, n_class), 'b': np.zeros(n_class)}

    def predict(self, x):
        s = x.dot(self.params['W']) + self.params['b']
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, x, t):
        y = self.predict(x)
        return -np.log(y[np.arange(len(t)), t] + 1e-12).mean()

    def gradient(self, x, t):
        n = len(t)
        d = self.predict(x)
        d[np.arange(n), t] -= 1
        d = d / n
        return {'W': x.T.dot(d) / n, 'b': d.sum(axis=0)}
