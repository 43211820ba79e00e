import numpy as np


class Dropout:
    """反転ドロップアウト"""

    def __init__(self, ratio=0.5):
        self.ratio = ratio

    def forward(self, x, train_flg=True):
        self.mask = (np.random.rand(*x.shape) >= self.ratio) / (1 - self.ratio)
        y = x * self.mask
        return y

    def backward(self, dout):
        return dout * self.mask
