import numpy as np


class Linear:
    """The last row of theta is the bias: a column of ones is glued to x."""

    def __init__(self, theta):
        self.theta = theta

    def forward(self, x):
        ones = np.ones((x.shape[0], 1))
        self.x1 = np.hstack([x, ones])
        return self.x1 @ self.theta

    def backward(self, dy):
        self.dtheta = self.x1.T @ dy
        dx1 = dy @ self.theta.T
        return dx1[:, :-1]
