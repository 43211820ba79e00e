"""오차제곱합: 평균을 내지 않는다."""
import numpy as np


class SquaredError:
    def forward(self, y, t):
        self.error = y - t
        return 0.5 * np.vdot(self.error, self.error)

    def backward(self):
        return self.error
