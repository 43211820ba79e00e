import numpy as np


class Relu:
    """활성화 함수 ReLU"""

    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x > 0
        out = np.zeros_like(x)
        out[self.mask] = x[self.mask]
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        return dx
