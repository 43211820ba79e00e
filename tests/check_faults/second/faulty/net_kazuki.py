import numpy as np


class NisouNet:
    def __init__(self, nyu, chu, shutsu):
        r = np.random.RandomState(5)
        self.params = {'W1': r.randn(nyu, chu) / nyu, 'b1': np.zeros(chu),
                       'W2': r.randn(chu, shutsu) / chu, 'b2': np.zeros(shutsu)}

    def _mae(self, x):
        P = self.params
        z = x @ P['W1'] + P['b1']
        h = np.clip(z, 0, None)
        s = h @ P['W2'] + P['b2']
        q = np.exp(s - s.max(axis=1)[:, None])
        return z, h, q / q.sum(axis=1)[:, None]

    def loss(self, x, t):
        q = self._mae(x)[2]
        return -np.log(q[np.arange(len(t)), t] + 1e-14).sum() / len(t)

    def gradient(self, x, t):
        z, h, q = self._mae(x)
        d = (q - np.eye(q.shape[1])[t]) / len(t)
        # 中間層へ戻す
        e = d @ self.params['W2'].T
        e = e * (e > 0)
        return {'W1': x.T @ e, 'b1': e.sum(axis=0), 'W2': h.T @ d, 'b2': d.sum(axis=0)}
