import numpy as np


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.iter = 0
        self.first, self.second = {}, {}

    def update(self, params, grads):
        self.iter += 1        # once per step, not once per parameter
        c1 = 1 - self.beta1 ** self.iter
        c2 = 1 - self.beta2 ** self.iter
        for name, g in grads.items():
            m = self.first.setdefault(name, np.zeros_like(g))
            v = self.second.setdefault(name, np.zeros_like(g))
            m += (1 - self.beta1) * (g - m)
            v += (1 - self.beta2) * (g * g - v)
            params[name] -= self.lr * (m / c1) / (np.sqrt(v / c2) + self.eps)
