"""Activations as data: what works on every number by itself. Must not know arrays."""

from dataclasses import dataclass
from typing import ClassVar

from convlens.spec.layers.layer import LayerSpec, Purpose

__all__ = ["Relu", "Sigmoid", "Tanh"]


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
