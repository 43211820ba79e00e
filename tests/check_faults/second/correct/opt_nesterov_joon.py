import numpy as np


class Nesterov:
    """네스테로프 가속 경사 (현재 위치에서 기울기를 구하는 형태)"""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.mu = lr, momentum
        self.velocity = {}

    def update(self, params, grads):
        for k in params:
            before = self.velocity.get(k, np.zeros_like(params[k]))
            after = self.mu * before - self.lr * grads[k]
            params[k] += -self.mu * before + (1 + self.mu) * after
            self.velocity[k] = after
