"""ReLU of the book."""


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        mask = (x <= 0)
        if self.mask is None:
            self.mask = mask
        out = x.copy()
        out[mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()  # the caller's array stays as it was
        dx[self.mask] = 0
        return dx
