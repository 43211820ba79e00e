import numpy as np


class SGD:
    """확률적 경사 하강법

    W <- W - lr * dL/dW
    """

    def __init__(self, lr=0.01):
        self.lr = lr

    def update(self, params, grads):
        for key in params.keys():
            step = np.multiply(self.lr, grads[key])
            params[key] -= step
