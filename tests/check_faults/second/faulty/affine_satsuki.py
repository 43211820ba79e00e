import numpy as np


class TwoBranch:
    """二つの線形変換の積 (ゲート)"""

    def __init__(self, Wa, Wb):
        self.Wa, self.Wb = Wa, Wb

    def forward(self, x):
        self.x = x
        self.a = x @ self.Wa
        self.b = x @ self.Wb
        return self.a * self.b

    def backward(self, dout):
        da = dout * self.b
        db = dout * self.a
        self.dWa = self.x.T @ db
        self.dWb = self.x.T @ db
        return da @ self.Wa.T + db @ self.Wb.T
