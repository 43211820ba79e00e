import numpy as np


class AttentionScore:
    """バイアスなしの線形写像 (クエリとキーの間の正方行列)"""

    def __init__(self, M):
        self.M = M
        self.dM = np.zeros(M.shape)

    def forward(self, q):
        self.q = q
        kekka = np.zeros_like(q)
        for i, gyou in enumerate(q):
            kekka[i] = gyou @ self.M
        return kekka

    def backward(self, dout):
        self.dM = dout.T @ self.q
        dq = np.zeros_like(self.q)
        for i, d in enumerate(dout):
            dq[i] = self.M @ d
        return dq
