import numpy as np


class SGD:
    def __init__(self, lr=0.01):
        # 학습률
        self.lr = lr

    def update(self, params, grads):
        names = sorted(params)
        for name in names:
            change = -self.lr * np.asarray(grads[name])
            params[name] = change

    def __repr__(self):
        return f"SGD(lr={self.lr})"
