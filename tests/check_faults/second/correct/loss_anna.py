import numpy as np


def softmax_loss(scores, y):
    """Loss and gradient in one go; y holds the class numbers.

    Returns (loss, dscores).
    """
    shifted = scores - scores.max(axis=1)[:, np.newaxis]
    logZ = np.log(np.exp(shifted).sum(axis=1))
    log_probs = shifted - logZ[:, np.newaxis]
    N = scores.shape[0]
    loss = -log_probs[range(N), y].mean()
    dscores = np.exp(log_probs)
    dscores[range(N), y] -= 1
    dscores /= N
    return loss, dscores
