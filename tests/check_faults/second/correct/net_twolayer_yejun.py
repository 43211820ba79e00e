import numpy as np


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        rnd = np.random.RandomState(0)
        self.params = {
            'W1': weight_init_std * rnd.randn(input_size, hidden_size),
            'b1': np.zeros(hidden_size),
            'W2': weight_init_std * rnd.randn(hidden_size, output_size),
            'b2': np.zeros(output_size),
        }

    def predict(self, x):
        p = self.params
        h = np.maximum(0, x @ p['W1'] + p['b1'])
        return h @ p['W2'] + p['b2']

    def loss(self, x, t):
        s = self.predict(x)
        s = s - s.max(axis=1, keepdims=True)
        logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
        return -logp[np.arange(len(x)), t].mean()

    def gradient(self, x, t):
        p, n = self.params, len(x)
        # 순전파
        a1 = x @ p['W1'] + p['b1']
        h = np.maximum(0, a1)
        s = h @ p['W2'] + p['b2']
        y = np.exp(s - s.max(axis=1, keepdims=True))
        y /= y.sum(axis=1, keepdims=True)
        # 역전파
        y[np.arange(n), t] -= 1
        ds = y / n
        grads = {'W2': h.T @ ds, 'b2': ds.sum(axis=0)}
        da = (ds @ p['W2'].T) * (a1 > 0)
        grads['W1'] = x.T @ da
        grads['b1'] = da.sum(axis=0)
        return grads
