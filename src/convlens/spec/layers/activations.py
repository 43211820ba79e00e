"""Activations as data: what works on every number by itself. Must not know arrays."""

from dataclasses import dataclass
from numbers import Real
from typing import ClassVar

from convlens.errors import SpecError, shown
from convlens.spec.layers.layer import LayerSpec, Purpose

__all__ = ["Gelu", "LeakyRelu", "Relu", "Sigmoid", "Tanh"]


@dataclass(frozen=True)
class Activation(LayerSpec):
    """Base of all activations: the shape stays, nothing is learned."""

    purpose: ClassVar[Purpose] = Purpose.ACTIVATION


@dataclass(frozen=True)
class Relu(Activation):
    """max(0, x)."""

    name: str | None = None
    kind: ClassVar[str] = "relu"
    stem: ClassVar[str] = "Relu"
    title: ClassVar[str] = "ReLU"
    zero_below_zero: ClassVar[bool] = True


@dataclass(frozen=True)
class Sigmoid(Activation):
    """1 / (1 + exp(-x))."""

    name: str | None = None
    kind: ClassVar[str] = "sigmoid"
    stem: ClassVar[str] = "Sigmoid"
    title: ClassVar[str] = "Sigmoid"


@dataclass(frozen=True)
class Tanh(Activation):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))."""

    name: str | None = None
    kind: ClassVar[str] = "tanh"
    stem: ClassVar[str] = "Tanh"
    title: ClassVar[str] = "Tanh"


@dataclass(frozen=True)
class LeakyRelu(Activation):
    """x where x > 0, else slope · x.

    Args:
        slope: 0 to 1; 0 is ReLU, 1 lets everything through.
        name: the layer's name; None for "LeakyRelu1", "LeakyRelu2", ….

    Reference: Maas, Hannun, Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.
    """

    slope: float = 0.01
    name: str | None = None
    kind: ClassVar[str] = "leaky_relu"
    stem: ClassVar[str] = "LeakyRelu"
    title: ClassVar[str] = "Leaky ReLU"

    def __post_init__(self) -> None:
        super().__post_init__()
        is_number = isinstance(self.slope, Real) and not isinstance(self.slope, bool)
        if not (is_number and 0 <= self.slope <= 1):
            raise SpecError(f"`slope` of LeakyRelu must be a number from 0 to 1. Got {shown(self.slope)}.")
        object.__setattr__(self, "slope", float(self.slope))


@dataclass(frozen=True)
class Gelu(Activation):
    """x · Φ(x), where Φ(x) = ½ (1 + erf(x / √2)) is how probable less than x is for a normal number.

    Reference: Hendrycks, Gimpel, "Gaussian error linear units (GELUs)", 2016.
    """

    name: str | None = None
    kind: ClassVar[str] = "gelu"
    stem: ClassVar[str] = "Gelu"
    title: ClassVar[str] = "GELU"
