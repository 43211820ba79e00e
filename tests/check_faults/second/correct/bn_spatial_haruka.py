import numpy as np


class BatchNorm2d:
    """チャンネルごとの正規化 (画像用)"""
    JIKU = (0, 2, 3)

    def __init__(self, gamma, beta, eps=1e-5):
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x):
        heikin = x.mean(axis=self.JIKU, keepdims=True)
        bunsan = x.var(axis=self.JIKU, keepdims=True)
        self.sigma = np.sqrt(bunsan + self.eps)
        self.z = (x - heikin) / self.sigma
        return self.gamma[:, None, None] * self.z + self.beta[:, None, None]

    def backward(self, dout):
        self.dgamma = np.einsum('nchw,nchw->c', dout, self.z)
        self.dbeta = np.einsum('nchw->c', dout)
        dz = dout * self.gamma[:, None, None]
        m1 = dz.mean(axis=self.JIKU, keepdims=True)
        m2 = (dz * self.z).mean(axis=self.JIKU, keepdims=True)
        return (dz - m1 - self.z * m2) / self.sigma
