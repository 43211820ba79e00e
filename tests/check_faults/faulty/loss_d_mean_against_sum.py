"""Cross-entropy from scores; reduction "mean" or "sum"."""
import numpy as np


class CrossEntropyLoss:
    def __init__(self, reduction="mean"):
        self.reduction = reduction

    def forward(self, scores, labels):
        m = scores.max(axis=1, keepdims=True)
        self.log_p = scores - m - np.log(np.exp(scores - m).sum(axis=1, keepdims=True))
        self.labels = labels
        losses = -self.log_p[np.arange(len(labels)), labels]
        return losses.mean()

    def backward(self):
        grad = np.exp(self.log_p)
        grad[np.arange(len(self.labels)), self.labels] -= 1.0
        if self.reduction == "mean":
            grad /= len(self.labels)
        return grad
