"""Batch normalisation: each channel is brought to mean 0 and variance 1, then scaled and shifted."""

from math import prod

import numpy as np

from convlens import spec
from convlens._typing import Array
from convlens.arrays import as_numbers
from convlens.errors import OrderError, ShapeError
from convlens.layers.layer import Layer, checked_gradient, checked_switch

__all__ = ["BatchNormalization"]


class BatchNormalization(Layer):
    """normal = (x - mean) / √(variance + eps), out = gamma · normal + beta, channel by channel.

    While training, mean and variance are those of the batch, over its samples and places; otherwise they are
    the running ones, which each batch in training moves by the share `momentum`.

    Args:
        gamma, beta: scale and shift, one a channel.
        running_mean, running_var: what it has seen of batches, changed in place; None for what nobody has
            trained: mean 0, and variance 1 (the book: 0).
        eps: added to the variance.
        momentum: the share of the latest batch in the running statistics.
        variant: "standard", or "book": every number of a picture is a channel of its own.

    Attributes:
        normal: the latest normalised input, (N, channels, places).
        deviation: what it was divided by, one a channel.
        dgamma, dbeta: the loss's derivatives by gamma and beta, from the latest backward.

    Reference: Ioffe and Szegedy, "Batch normalization", 2015, algorithm 1.
    """

    computes = spec.BatchNormalization
    trained = ("gamma", "beta")
    untrained = ("running_mean", "running_var")
    remembered = ("normal",)

    def __init__(self, gamma: Array, beta: Array, running_mean: Array | None = None,
                 running_var: Array | None = None, eps: float = 1e-5, momentum: float = 0.1,
                 variant: str = "standard") -> None:  # fmt: skip
        said = spec.BatchNormalization(eps, momentum, variant)
        self.eps, self.momentum, self.variant = said.eps, said.momentum, said.variant
        self.gamma = as_numbers("`gamma` of BatchNormalization", gamma)
        start = 0 if variant == "book" else 1
        self.beta = self._given("beta", beta, 0)
        self.running_mean = self._given("running_mean", running_mean, 0)
        self.running_var = self._given("running_var", running_var, start)
        self.normal: Array | None = None
        self.deviation: Array = self.gamma
        self.dgamma: Array | None = None
        self.dbeta: Array | None = None

    def forward(self, x: Array, train: bool = False) -> Array:
        """(N, C, H, W) or (N, C) → the same shape."""
        x = as_numbers("`x` of BatchNormalization", x)
        values = self._by_channel(x)
        self._by_batch, self._shape = checked_switch(train, "BatchNormalization"), x.shape
        mean, variance = self.running_mean, self.running_var
        if self._by_batch:
            mean = self._mean(values)
            variance = self._mean((values - mean[:, None]) ** 2)
            self._remember(mean, variance, values.size // len(self.gamma))
        self.deviation = np.sqrt(variance + self.eps)
        self.normal = (values - mean[:, None]) / self.deviation[:, None]
        return (self.gamma[:, None] * self.normal + self.beta[:, None]).reshape(x.shape)

    def backward(self, dout: Array) -> Array:
        """dgamma = Σ dout · normal, dbeta = Σ dout; dx as below, where mean and variance take part."""
        if self.normal is None:
            raise OrderError("BatchNormalization.backward needs a forward before it: call its forward first.")
        dout = checked_gradient(dout, self._shape, "BatchNormalization").reshape(self.normal.shape)
        self.dgamma = (dout * self.normal).sum(axis=(0, 2))
        self.dbeta = dout.sum(axis=(0, 2))
        if self._by_batch:
            # One input moves the batch's mean and variance: what of dout lies along these is taken out.
            n = dout.size // len(self.gamma)
            dout = dout - (self.dbeta[:, None] + self.normal * self.dgamma[:, None]) / n
        return ((self.gamma / self.deviation)[:, None] * dout).reshape(self._shape)

    def _given(self, key: str, value: Array | None, start: float) -> Array:
        """Return a parameter that fits gamma; where none was given, one that is `start` everywhere."""
        if value is None:
            value = np.full(self.gamma.shape, start, np.result_type(self.gamma, np.float32))
        value = as_numbers(f"`{key}` of BatchNormalization", value)
        if self.gamma.ndim != 1 or not self.gamma.size or value.shape != self.gamma.shape:
            rule = "(channels,), one number a channel"
            shapes = f"{self.gamma.shape} and {value.shape}"
            raise ShapeError(f"`gamma` and `{key}` of BatchNormalization must be {rule}. Got {shapes}.")
        return value

    def _by_channel(self, x: Array) -> Array:
        """Return (N, channels, places): one place in rows, and under the book's variant."""
        channels = len(self.gamma)
        found = prod(x.shape[1:]) if self.variant == "book" else x.shape[1] if x.ndim > 1 else 0
        if x.ndim < 2 or found != channels:
            raise ShapeError(f"BatchNormalization has parameters for {channels} channels. Got {x.shape}.")
        return x.reshape(len(x), channels, prod(x.shape[1:]) // channels)

    def _mean(self, values: Array) -> Array:
        """Return the mean of each channel, added up in float64."""
        if not values.size:
            rule = "one sample or more to train with"
            raise ShapeError(f"a batch of BatchNormalization must have {rule}. Got {len(values)}.")
        return values.mean(axis=(0, 2), dtype=np.float64).astype(np.result_type(values, np.float32))

    def _remember(self, mean: Array, variance: Array, n: int) -> None:
        """Move the running statistics towards those of a batch with n values a channel."""
        share = self.momentum
        self.running_mean[...] = (1 - share) * self.running_mean + share * mean
        if self.variant == "book":
            self.running_var[...] = (1 - share) * self.running_var + share * variance
        elif n > 1:  # one value says nothing of how far others lie
            unbiased = variance * (n / (n - 1))  # n - 1, as the mean is these values' own
            self.running_var[...] = (1 - share) * self.running_var + share * unbiased
