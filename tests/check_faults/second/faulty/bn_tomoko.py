import numpy as np


class BatchNormalization:
    def __init__(self, gamma, beta, momentum=0.9):
        self.gamma, self.beta, self.momentum = gamma, beta, momentum
        self.heikin = np.zeros(gamma.shape)
        self.bunsan = np.ones(gamma.shape)

    def forward(self, x, train_flg=True):
        if train_flg:
            m, v = np.mean(x, axis=0), np.var(x, axis=0)
            self.heikin = self.momentum * self.heikin + (1 - self.momentum) * m
            self.bunsan = self.momentum * self.bunsan + (1 - self.momentum) * v
        else:
            m, v = self.heikin, self.bunsan
        self.sd = np.sqrt(v + 1e-6)
        self.sa = x - m
        return self.gamma * (self.sa / self.sd) + self.beta

    def backward(self, dout):
        n = len(dout)
        self.dbeta = np.sum(dout, axis=0)
        self.dgamma = np.sum(dout * self.sa / self.sd, axis=0)
        g = self.gamma * dout
        # 分散を通る道
        dv = -0.5 * np.sum(g * self.sa, axis=0) / self.sd ** 3
        dsa = g / self.sd + 2 * self.sa * dv / n
        return dsa
