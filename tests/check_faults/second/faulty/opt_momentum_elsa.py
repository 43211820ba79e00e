import numpy as np


class Momentum:
    """Heavy ball."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.speed = {}

    def update(self, params, grads):
        for key in grads:
            last = self.speed.get(key, np.zeros_like(grads[key]))
            self.speed[key] = self.momentum * last - self.lr * grads[key]
            params[key][...] = self.speed[key]
