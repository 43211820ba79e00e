import numpy as np


class Dropout:
    # 훈련 때 일부 뉴런을 끈다
    def __init__(self, dropout_ratio=0.5):
        self.dropout_ratio = dropout_ratio
        self.alive = None

    def forward(self, x, train_flg=True):
        if not train_flg:
            return x.copy()
        self.alive = np.random.uniform(0, 1, x.shape) > self.dropout_ratio
        out = np.zeros_like(x)
        out[self.alive] = x[self.alive]
        return out

    def backward(self, dout):
        dx = np.zeros_like(dout)
        dx[self.alive] = dout[self.alive]
        return dx
