import numpy as np


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        # 큰 음수에서도 넘치지 않게
        e = np.exp(-np.abs(x))
        self.out = np.where(x >= 0, 1 / (1 + e), e / (1 + e))
        return self.out

    def backward(self, dout):
        y = self.out
        return dout * y * (1.0 - y)
