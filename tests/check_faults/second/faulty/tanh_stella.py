import numpy as np


class Tanh:
    """tanh, written with two exponentials"""

    def forward(self, x):
        x = np.clip(x, -300, 300)
        up, down = np.exp(x), np.exp(-x)
        self.y = (up - down) / (up + down)
        return self.y

    def backward(self, dout):
        slope = 1.0 + self.y ** 2
        dx = slope * dout
        return dx
