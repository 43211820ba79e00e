import numpy as np


class BatchNormalization:
    """One feature at a time, with the full Jacobian. Slow but easy to believe."""

    def __init__(self, gamma, beta):
        self.gamma = gamma
        self.beta = beta

    def forward(self, x):
        self.xhat = np.zeros_like(x)
        self.s = np.zeros(x.shape[1])
        for j in range(x.shape[1]):
            column = x[:, j]
            self.s[j] = np.sqrt(column.var() + 1e-6)
            self.xhat[:, j] = (column - column.mean()) / self.s[j]
        return self.xhat * self.gamma + self.beta

    def backward(self, dout):
        n, d = dout.shape
        self.dbeta = np.array([dout[:, j].sum() for j in range(d)])
        self.dgamma = np.array([dout[:, j] @ self.xhat[:, j] for j in range(d)])
        dx = np.zeros_like(dout)
        for j in range(d):
            h = self.xhat[:, j]
            jac = (np.eye(n) - 1.0 / n - np.outer(h, h) / n) / self.s[j]
            dx[:, j] = jac @ (self.gamma[j] * dout[:, j])
        return dx
