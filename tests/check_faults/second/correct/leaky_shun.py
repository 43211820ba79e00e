import numpy as np


class LeakyRelu:
    # 負の側も少しだけ通す
    def __init__(self, katamuki=0.01):
        self.katamuki = katamuki

    def forward(self, x):
        self.keisu = np.ones_like(x)
        self.keisu[x < 0] = self.katamuki
        return self.keisu * x

    def backward(self, dout):
        return self.keisu * dout
