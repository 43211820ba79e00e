import numpy as np


class SoftmaxLayer:
    """손실과 따로 쓰는 소프트맥스 (어텐션용)"""

    def forward(self, x):
        z = x - x.max(axis=-1, keepdims=True)
        e = np.exp(z)
        self.y = e / e.sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, dout):
        # 야코비 행렬: diag(y) - y y^T
        dx = np.zeros_like(dout)
        for k in range(len(dout)):
            y = self.y[k]
            J = np.diag(y) - np.outer(y, y)
            dx[k] = J @ dout[k]
        return dx
