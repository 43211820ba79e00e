import numpy as np


class Mse:
    # float32 throughout
    def forward(self, guess, truth):
        self.gap = (guess - truth).astype(np.float32)
        squares = self.gap ** 2
        return squares.mean()

    def backward(self, dout=1.0):
        slope = np.float32(2.0) * self.gap
        return slope * np.float32(dout)

    def __call__(self, guess, truth):
        return self.forward(guess, truth)
