import numpy as np


class Elu:
    def __init__(self, alpha=1.0):
        self.alpha = np.float32(alpha)

    def forward(self, z):
        neg = z <= 0
        res = z.astype(np.float32)
        res[neg] = self.alpha * np.expm1(res[neg])
        self.neg, self.res = neg, res
        return res.copy()

    def backward(self, dz):
        slope = np.ones_like(self.res)
        # alpha * exp(z) is what came out, plus alpha
        slope[self.neg] = self.res[self.neg] + self.alpha
        return slope * dz
