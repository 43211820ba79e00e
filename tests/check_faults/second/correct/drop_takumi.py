import numpy as np


class Dropout:
    # 学習時に 1/(1-ratio) 倍しておくので、テスト時は何もしない
    def __init__(self, ratio=0.5, tane=0):
        self.ratio = ratio
        self.ransu = np.random.RandomState(tane)
        self.bairitsu = None

    def forward(self, x, train_flg=True):
        if not train_flg:
            self.bairitsu = np.ones_like(x)
            return x
        nokosu = self.ransu.uniform(size=x.shape) >= self.ratio
        self.bairitsu = nokosu.astype(np.float32) / np.float32(1 - self.ratio)
        return x * self.bairitsu

    def backward(self, dout):
        return dout * self.bairitsu
