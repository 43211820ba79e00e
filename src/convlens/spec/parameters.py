"""What a layer keeps: its parameters, described as data. Must not know arrays or layers."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import prod

from convlens.spec.shapes import Shape

__all__ = ["ParameterSpec", "Role"]


class Role(StrEnum):
    """What a parameter is for."""

    FILTERS = "filters"
    """Weights of a convolution, (filters, channels, kh, kw)."""

    MATRIX = "matrix"
    """Weights of an affine layer, (inputs, outputs)."""

    BIAS = "bias"
    """Added to a weighted sum, one number an output."""

    SCALE = "scale"
    """What a normalised value is multiplied with."""

    SHIFT = "shift"
    """What is added to a normalised value."""

    RUNNING_STATISTIC = "running statistic"
    """What a layer remembers of the batches that it has seen."""


@dataclass(frozen=True)
class ParameterSpec:
    """One array that belongs to a layer, and travels with its network wherever that goes.

    Attributes:
        key: the layer's own name for it, and the attribute that holds it: "W".
        shape: of the array.
        role: what it is for; decides how it starts.
        trained: whether training changes it by its derivative; if not, the layer itself does.
        start: what a running statistic is before the first batch.
        name: the network's name for it, the key with the number of the layer among those that keep
            something: "W1"; "" where there is no network yet.
    """

    key: str
    shape: Shape
    role: Role
    trained: bool = True
    start: float = 0.0
    name: str = ""

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)

    @property
    def fan_in(self) -> int:
        """How many inputs one output of the weights sees; 1 for what is no weights."""
        if self.role is Role.FILTERS:
            return prod(self.shape[1:])
        return self.shape[0] if self.role is Role.MATRIX else 1

    def numbered(self, number: int) -> "ParameterSpec":
        """Return it with the name that it has in a network."""
        return replace(self, name=f"{self.key}{number}")
