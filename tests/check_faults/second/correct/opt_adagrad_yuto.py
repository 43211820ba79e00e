import numpy as np


class AdaGrad:
    # 学習係数をパラメータごとに小さくしていく
    def __init__(self, lr=0.01):
        self.lr = lr
        self.h = {}

    def update(self, params, grads):
        for key, grad in grads.items():
            if key not in self.h:
                self.h[key] = np.zeros_like(grad)
            self.h[key] += grad ** 2
            params[key] -= self.lr * grad / (np.sqrt(self.h[key]) + 1e-7)
