import numpy as np


class BatchNormalization:
    """배치 정규화 (학습용만)"""

    def __init__(self, gamma, beta):
        self.gamma, self.beta = gamma, beta

    def forward(self, x):
        mu, var = x.mean(axis=0), x.var(axis=0)
        self.istd = 1 / np.sqrt(var + 1e-7)
        self.xhat = (x - mu) * self.istd
        return self.gamma * self.xhat + self.beta

    def backward(self, dout):
        self.dgamma = np.einsum('nd,nd->d', dout, self.xhat)
        self.dbeta = np.einsum('nd->d', dout)
        dx = self.gamma * dout * self.istd
        return dx
