import numpy as np


class Momentum:
    """Momentum with weight decay."""

    def __init__(self, lr=0.01, momentum=0.9, decay=1e-4):
        self.lr, self.momentum, self.decay = lr, momentum, decay
        self.v = None

    def update(self, params, grads):
        if self.v is None:
            self.v = {k: np.zeros_like(p) for k, p in params.items()}
        for k in params:
            g = grads[k]
            g += self.decay * params[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * g
            params[k] += self.v[k]
