import numpy as np


class SGD:
    """重み減衰つきSGD

    gensui: 減衰の強さ
    """

    def __init__(self, lr=0.01, gensui=0.0):
        self.lr = lr
        self.gensui = gensui

    def update(self, params, grads):
        for k, w in params.items():
            g = grads[k] + self.gensui * w      # grads はそのまま残す
            w -= self.lr * g
