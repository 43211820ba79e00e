import numpy as np


def svm_loss(x, y, delta=1.0):
    """Multiclass hinge loss (mean over the batch)."""
    n = x.shape[0]
    rows = np.arange(n)
    correct = x[rows, y].reshape(-1, 1)
    margins = np.maximum(0.0, x - correct + delta)
    margins[rows, y] = 0.0
    loss = margins.sum() / n
    dx = (margins > 0).astype(x.dtype)
    # the right class gets minus the number of classes that came too near
    dx[rows, y] = -dx.sum(axis=1)
    return loss, dx / n
