import numpy as np


class Kaiki:
    """ロジスティック回帰。t は 0 か 1。"""

    def __init__(self, jigen):
        self.params = {'w': np.zeros(jigen), 'b': np.zeros(1)}

    def predict(self, x):
        return x @ self.params['w'] + self.params['b'][0]

    def loss(self, x, t):
        z = self.predict(x)
        return np.mean(np.logaddexp(0, z) - t * z)

    def gradient(self, x, t):
        kakuritsu = 1 / (1 + np.exp(-self.predict(x)))
        sa = (kakuritsu - t) / len(t)
        return {'w': sa @ x, 'b': np.array([sa.sum()])}
