"""Batch normalisation and its faults. Must not know reports.

out = gamma · (x - m) / √(v + ε) + beta, with mean m and variance v of the batch; both depend on x.
"""

from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np

from convlens._typing import Array
from convlens.check.known.known import Known, Suspects

__all__ = ["BatchNorm", "normalisations"]

_SMALL = (1e-7, 1e-5, 1e-8, 1e-3, 1e-6, 1e-12, 0.0)


class BatchNorm(Known):
    """A batch normalisation at one input.

    Args:
        x: inputs (N, D), or pictures (N, C, H, W).
        gamma, beta: path and array.
        small: what is added to the variance.
        by_channel: whether pictures are normalised channel by channel, not number by number.
    """

    kind: ClassVar[str] = "batch_normalization"

    def __init__(
        self, x: Array, gamma: tuple[str, Array], beta: tuple[str, Array], small: float, *, by_channel: bool
    ) -> None:
        self.shape, self.by_channel = x.shape, by_channel
        self.gamma_path, gamma_array = gamma
        self.beta_path, beta_array = beta
        self.gamma_shape, self.gamma, self.beta = (
            gamma_array.shape,
            gamma_array.reshape(-1),
            beta_array.reshape(-1),
        )
        rows = self._rows(x)
        self.off = rows - rows.mean(axis=0)
        self.std = np.sqrt((self.off**2).mean(axis=0) + small)
        self.xn = self.off / self.std

    def _rows(self, x: Array) -> Array:
        """Return what is normalised together as rows."""
        return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1]) if self.by_channel else x.reshape(len(x), -1)

    def _back(self, rows: Array) -> Array:
        if not self.by_channel:
            return rows.reshape(self.shape)
        n, c, h, w = self.shape
        return rows.reshape(n, h, w, c).transpose(0, 3, 1, 2)

    def right(self) -> Array:
        return self._back(self.gamma * self.xn + self.beta)

    def derivatives(self, dout: Array) -> Mapping[str, Array]:
        rows = self._rows(dout)
        d = self.gamma * rows
        whole = (d - d.mean(axis=0) - self.xn * (d * self.xn).mean(axis=0)) / self.std
        return {
            "x": self._back(whole),
            self.gamma_path: (rows * self.xn).sum(axis=0).reshape(self.gamma_shape),
            self.beta_path: rows.sum(axis=0).reshape(self.gamma_shape),
        }

    def suspects(self, target: str, dout: Array) -> Suspects:
        rows = self._rows(dout)
        d = self.gamma * rows
        if target == "x":
            by_variance = self.xn * (d * self.xn).mean(axis=0)
            yield "mean_constant", self._back((d - by_variance) / self.std)
            yield "variance_constant", self._back((d - d.mean(axis=0)) / self.std)
            yield from ((key, self._back(d / self.std)) for key in ("mean_constant", "variance_constant"))
            yield "mean_constant", self._back((rows - self.xn * (rows * self.xn).mean(axis=0)) / self.std)
        elif target == self.gamma_path:
            yield "wrong_array", (rows * self.off).sum(axis=0).reshape(self.gamma_shape)
            yield "sum", (rows * self.xn)[0].reshape(self.gamma_shape)
        else:
            yield "sum", rows[0].reshape(self.gamma_shape)
            yield "sum", np.full(self.gamma_shape, rows.sum())


def normalisations(name: str, x: Array, params: Mapping[str, Array]) -> Iterator[BatchNorm]:
    """Yield what a layer may be that is called after a normalisation, with two parameters of a size."""
    small = name.lower()
    if "norm" not in small or len(params) != 2 or x.ndim not in {2, 4} or "layer" in small:
        return
    one, other = params.items()
    if one[1].size != other[1].size:
        return
    pairs = [(one, other)] if "b" not in one[0].lower() else [(other, one)]
    n_numbers = int(np.prod(x.shape[1:]))
    for (gamma, beta), epsilon in ((pair, small_number) for pair in pairs for small_number in _SMALL):
        if gamma[1].size == n_numbers:
            yield BatchNorm(x, gamma, beta, epsilon, by_channel=False)
        elif x.ndim == 4 and gamma[1].size == x.shape[1]:
            yield BatchNorm(x, gamma, beta, epsilon, by_channel=True)
