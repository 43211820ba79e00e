"""Linear layer with weights (out, in), single precision."""
import numpy as np


class Linear:
    def __init__(self, in_features, out_features, seed=0):
        rng = np.random.default_rng(seed)
        bound = np.sqrt(6.0 / in_features)
        self.weight = rng.uniform(-bound, bound, (out_features, in_features)).astype(np.float32)
        self.bias = np.zeros(out_features, np.float32)

    def forward(self, inp):
        self.inp = inp
        return inp @ self.weight.T + self.bias

    def backward(self, upstream):
        self.grad_weight = upstream.T @ self.inp
        self.grad_bias = upstream.sum(axis=0)
        return upstream @ self.weight
