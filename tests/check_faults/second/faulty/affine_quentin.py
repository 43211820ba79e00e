import numpy as np


class FullyConnected:
    def __init__(self, weights, offset):
        self.weights = weights.astype(np.float32)
        self.offset = offset.astype(np.float32)
        self.grad_weights = np.zeros_like(self.weights)
        self.grad_offset = np.zeros_like(self.offset)

    def forward(self, batch):
        self.batch = batch
        return np.dot(batch, self.weights) + self.offset

    def backward(self, delta):
        """Fills the gradients, returns the one of the input."""
        self.grad_weights = np.dot(self.batch.T, delta)
        return np.dot(delta, self.weights.T)
