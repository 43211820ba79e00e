import numpy as np


def cross_entropy(scores, labels):
    """-score of the right class + log of the sum of exponentials, averaged."""
    n = scores.shape[0]
    loss = 0.0
    grad = np.zeros(scores.shape)
    for k in range(n):
        row = scores[k]
        weights = np.exp(row)
        total = weights.sum()
        loss += np.log(total) - row[labels[k]]
        grad[k] = weights / total
        grad[k, labels[k]] -= 1.0
    return loss / n, grad / n
