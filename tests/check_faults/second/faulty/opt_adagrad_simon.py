import numpy as np


class AdaGrad:
    """Divides by the root of all squared gradients so far."""

    history = {}

    def __init__(self, lr=0.01, tiny=1e-7):
        self.lr = lr
        self.tiny = tiny

    def update(self, params, grads):
        for key, g in grads.items():
            total = self.history.get(key, np.zeros_like(g)) + g * g
            self.history[key] = total
            params[key] -= self.lr * g / (np.sqrt(total) + self.tiny)
