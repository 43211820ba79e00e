import numpy as np


class LeakyRelu:
    """음수 쪽 기울기가 slope인 ReLU"""

    def __init__(self, slope=0.01):
        self.slope = slope

    def forward(self, x):
        self.negative = x < 0
        x[self.negative] *= self.slope
        return x

    def backward(self, dout):
        factor = np.where(self.negative, self.slope, 1.0)
        return dout * factor
