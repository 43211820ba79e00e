"""Multiclass hinge loss, mean over the batch."""
import numpy as np


class HingeLoss:
    def forward(self, scores, y):
        n = len(y)
        margins = np.maximum(0, scores - scores[np.arange(n), y][:, None] + 1)
        margins[np.arange(n), y] = 0
        self.margins, self.y = margins, y
        return margins.sum() / n

    def backward(self):
        n = len(self.y)
        grad = (self.margins > 0).astype(float)
        grad[np.arange(n), self.y] = -grad.sum(axis=1)
        return grad / n
