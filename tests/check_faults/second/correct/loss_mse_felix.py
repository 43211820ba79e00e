import numpy as np

# Mean over *all* numbers, samples and outputs alike.


def mse_loss(pred, target):
    diff = np.subtract(pred, target)
    return np.mean(np.square(diff))


def mse_grad(pred, target):
    diff = np.subtract(pred, target)
    count = diff.size
    return 2.0 * diff / count


def mse_with_grad(pred, target):
    return mse_loss(pred, target), mse_grad(pred, target)
