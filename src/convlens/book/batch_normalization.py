"""Batch normalisation as the book has it: every value that a sample brings is a feature of its own."""

import numpy as np

from convlens._typing import Array
from convlens.arguments import fits
from convlens.arrays import as_array, as_numbers
from convlens.book.training_flag import is_training
from convlens.errors import OrderError, ShapeError, WrongTypeError, shown

__all__ = ["BatchNormalization"]

_EPSILON = 1e-6  # the book writes 10e-7


class BatchNormalization:
    """Training: xn = (x - μ) / √(σ² + ε), out = gamma · xn + beta, with the batch's μ and σ².

    μ and σ² are the mean and the variance of a feature over the batch. Else they are the running ones,
    r ← momentum · r + (1 - momentum) · (the batch's), which begin at 0: a network that has not been trained
    yet gives numbers some thousand times too large. Pictures (N, C, H, W) have C·H·W features, not C.

    Args:
        gamma: the scale of each feature (features,).
        beta: its shift (features,).
        momentum: how much of the running statistics stays, each time.
        running_mean, running_var: to begin with, (features,); None for zeros. They are no parameters.

    Attributes:
        xc, xn, std: the latest training's x - μ, what was normalised, and √(σ² + ε).
        dgamma, dbeta: the loss's derivatives by gamma and beta, from the latest backward.

    Reference: Ioffe, Szegedy, "Batch normalization", 2015, https://arxiv.org/abs/1502.03167.
    """

    def __init__(
        self,
        gamma: Array,
        beta: Array,
        momentum: float = 0.9,
        running_mean: Array | None = None,
        running_var: Array | None = None,
    ) -> None:
        if not fits(momentum, float):
            rule = "a finite number"
            raise WrongTypeError(f"`momentum` of BatchNormalization must be {rule}. Got {shown(momentum)}.")
        self.gamma, self.beta = _row("gamma", gamma), _row("beta", beta)
        self.momentum = momentum
        self.running_mean = None if running_mean is None else _row("running_mean", running_mean)
        self.running_var = None if running_var is None else _row("running_var", running_var)
        self.input_shape: tuple[int, ...] | None = None
        self.batch_size: int | None = None
        self.xc: Array | None = None
        self.xn: Array | None = None
        self.std: Array | None = None
        self.dgamma: Array | None = None
        self.dbeta: Array | None = None

    def forward(self, x: Array, train_flg: bool = True) -> Array:
        """(N, features) or (N, C, H, W) → the same shape."""
        x = as_numbers("`x` of BatchNormalization", x)
        rows = self._rows(x)
        zeros = np.zeros(rows.shape[1])
        mean = zeros if self.running_mean is None else self.running_mean
        var = zeros if self.running_var is None else self.running_var
        if is_training(train_flg, "BatchNormalization"):
            xn = self._normalised(rows, mean, var)
            self.input_shape = x.shape
        else:
            xn = (rows - mean) / np.sqrt(var + _EPSILON)
        return (self.gamma * xn + self.beta).reshape(x.shape)

    def backward(self, dout: Array) -> Array:
        """dx = gamma / std · (dout - mean_n dout - xn · mean_n(dout · xn)); dgamma = Σ_n dout · xn."""
        if self.xn is None or self.std is None or self.input_shape is None:
            needed = "a forward of a training before it: forward(x, True)"
            raise OrderError(f"BatchNormalization.backward needs {needed}.")
        dout = as_array("`dout` of BatchNormalization.backward", dout)
        if dout.shape != self.input_shape:
            rule = f"{self.input_shape}, the shape of its latest output"
            raise ShapeError(f"`dout` of BatchNormalization.backward must be {rule}. Got {dout.shape}.")
        rows = dout.reshape(self.xn.shape)
        self.dbeta = rows.sum(axis=0)
        self.dgamma = (self.xn * rows).sum(axis=0)
        # A sample moves its batch's mean and variance too: what goes through these is taken off again.
        dx = rows - self.dbeta / len(rows) - self.xn * (self.dgamma / len(rows))
        return (self.gamma / self.std * dx).reshape(self.input_shape)

    def _rows(self, x: Array) -> Array:
        """Return one row of features a sample."""
        if x.ndim not in {2, 4} or not len(x):
            rule = "(N, features) or (N, C, H, W), N ≥ 1"
            raise ShapeError(f"`x` of BatchNormalization must be {rule}. Got {x.shape}.")
        rows = x.reshape(len(x), -1)
        for name in ("gamma", "beta", "running_mean", "running_var"):
            row = getattr(self, name)
            if row is not None and row.shape != rows.shape[1:]:
                rule = f"{rows.shape[1:]}, one for each value of a sample"
                raise ShapeError(f"`{name}` of BatchNormalization must be {rule}. Got {row.shape}.")
        return rows

    def _normalised(self, rows: Array, running_mean: Array, running_var: Array) -> Array:
        """Normalise by the batch's own statistics, and let the running ones follow."""
        mean = rows.mean(axis=0)
        self.xc = rows - mean
        var = np.mean(self.xc**2, axis=0)
        self.std = np.sqrt(var + _EPSILON)
        self.xn = self.xc / self.std
        self.batch_size = len(rows)
        kept, new = self.momentum, 1 - self.momentum
        self.running_mean = kept * running_mean + new * mean
        self.running_var = kept * running_var + new * var
        return self.xn


def _row(name: str, given: Array) -> Array:
    """Return one number a feature."""
    row = as_numbers(f"`{name}` of BatchNormalization", given)
    if row.ndim != 1:
        raise ShapeError(f"`{name}` of BatchNormalization must be (features,). Got {row.shape}.")
    return row
