"""A layer that convlens does not have, which keeps what is not trained; only its tests register it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from convlens import layers, spec
from convlens.layers import Layer
from convlens.spec import LayerSpec, ParameterSpec, Role, Shape


@dataclass(frozen=True)
class BatchNormalisation(LayerSpec):
    """Normalises each channel by the batch while training, by what it has seen of batches otherwise."""

    momentum: float = 0.9
    name: str | None = None
    kind: ClassVar[str] = "batch normalisation"
    stem: ClassVar[str] = "Norm"
    title: ClassVar[str] = "Batch normalisation"

    def parameters(self, shape: Shape) -> tuple[ParameterSpec, ...]:
        size = shape[:1]
        return (
            ParameterSpec("gamma", size, Role.SCALE),
            ParameterSpec("running_mean", size, Role.RUNNING_STATISTIC, trained=False),
            ParameterSpec("beta", size, Role.SHIFT),
            ParameterSpec("running_variance", size, Role.RUNNING_STATISTIC, trained=False, start=1.0),
        )


class Normalisation(Layer):
    """out = gamma · (x - mean) / √(variance + 1e-5) + beta, channel by channel."""

    computes = BatchNormalisation
    trained = ("gamma", "beta")
    untrained = ("running_mean", "running_variance")
    remembered = ("normal",)

    def __init__(self, gamma, running_mean, beta, running_variance, momentum=0.9):
        self.gamma, self.beta, self.momentum = gamma, beta, momentum
        self.running_mean, self.running_variance = running_mean, running_variance
        self.normal = None

    def forward(self, x, train=False):
        mean, variance = self.running_mean, self.running_variance
        if train:
            mean, variance = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
            for kept, seen in ((self.running_mean, mean), (self.running_variance, variance)):
                kept[...] = self.momentum * kept + (1 - self.momentum) * seen
        self.deviation = np.sqrt(variance + x.dtype.type(1e-5))
        self.normal = (x - _wide(mean)) / _wide(self.deviation)
        return _wide(self.gamma) * self.normal + _wide(self.beta)

    def backward(self, dout):
        self.dgamma = (dout * self.normal).sum(axis=(0, 2, 3))
        self.dbeta = dout.sum(axis=(0, 2, 3))
        n = dout.size // len(self.gamma)
        inner = dout - _wide(self.dbeta / n) - self.normal * _wide(self.dgamma / n)
        return inner * _wide(self.gamma / self.deviation)


def _wide(channels):
    return channels[:, None, None]


def register(monkeypatch):
    """Enter it into the public tables, as its own files would."""
    monkeypatch.setitem(spec.KINDS, BatchNormalisation.kind, BatchNormalisation)
    monkeypatch.setitem(layers.LAYERS, BatchNormalisation.kind, Normalisation)


NETWORK = spec.NetworkSpec(
    "Normed",
    (1, 6, 6),
    (spec.Convolution(2, 3), BatchNormalisation(momentum=0.8), spec.Relu(), spec.Affine(10)),
    weight_init_std="he",
)
NAMES = ["W1", "b1", "gamma2", "beta2", "W3", "b3", "running_mean2", "running_variance2"]
