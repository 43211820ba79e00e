"""소프트맥스, 야코비 행렬을 그대로 만든다."""
import numpy as np


class Softmax:
    def forward(self, x):
        shifted = x - np.max(x, axis=1).reshape(-1, 1)
        e = np.exp(shifted)
        self.p = e / np.sum(e, axis=1).reshape(-1, 1)
        return self.p

    def backward(self, dout):
        dx = np.empty_like(dout)
        for n, p in enumerate(self.p):
            jacobian = np.diag(p) - np.outer(p, p)
            dx[n] = jacobian @ dout[n]
        return dx
