import numpy as np


class Affine:
    """마지막 축에 대한 선형 변환 (배치, 시간, 특징)"""

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.einsum('btd,dm->btm', x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.einsum('btd,btm->dm', self.x, dout)
        self.db = np.einsum('btm->m', dout)
        dx = np.einsum('btm,dm->btd', dout, self.W)
        return dx
