import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x.dot(self.W) + self.b

    def backward(self, d):
        self.dW, self.db = self.x.T.dot(d), d.sum(0)
        return d.dot(self.W.T)


class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, d):
        return d * (1 - self.y) * self.y


class Net:
    """層をリストに並べたネットワーク"""

    def __init__(self, n_in, n_mid, n_out):
        g = np.random.default_rng(7)
        self.params = {'W1': g.normal(0, 0.1, (n_in, n_mid)), 'b1': np.zeros(n_mid),
                       'W2': g.normal(0, 0.1, (n_mid, n_out)), 'b2': np.zeros(n_out)}
        p = self.params
        self.layers = [Affine(p['W1'], p['b1']), Sigmoid(), Affine(p['W2'], p['b2'])]

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss(self, x, t):
        z = self.predict(x)
        z = z - z.max(axis=1, keepdims=True)
        self.y = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return -np.sum(t * np.log(self.y + 1e-12)) / len(x)

    def gradient(self, x, t):
        self.loss(x, t)
        d = (self.y - t) / len(x)
        for layer in self.layers[::-1]:
            d = layer.backward(d)
        first, last = self.layers[0], self.layers[2]
        return {'W1': first.dW, 'b1': first.db, 'W2': last.dW, 'b2': last.db}
