"""완전연결 계층 (einsum)."""
import numpy as np


class Dense:
    def __init__(self, n_in, n_out, rng=None):
        rng = np.random.default_rng(0) if rng is None else rng
        self.w = rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))  # He 초깃값
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return np.einsum("ni,io->no", x, self.w) + self.b

    def backward(self, dy):
        self.dw = 0.1 * np.einsum("ni,no->io", self.x, dy)
        self.db = 0.1 * np.einsum("no->o", dy)
        return np.einsum("no,io->ni", dy, self.w)
