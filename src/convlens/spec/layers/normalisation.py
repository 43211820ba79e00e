"""Normalisations as data: what brings a batch to one mean and one spread. Must not know arrays."""

from dataclasses import dataclass, replace
from math import prod
from numbers import Real
from typing import ClassVar

from convlens.arguments import SINGLE
from convlens.errors import SpecError, shown
from convlens.spec.layers.layer import LayerSpec
from convlens.spec.parameters import ParameterSpec, Role
from convlens.spec.shapes import Shape

__all__ = ["BatchNormalization"]

_EPS, _BOOK_EPS = 1e-5, 1e-6
"""PyTorch's, and the book's, which writes it as 10e-7."""


@dataclass(frozen=True)
class BatchNormalization(LayerSpec):
    """Normalises each channel by the batch while training, by what it has seen of batches otherwise.

    (x - mean) / √(variance + eps) · gamma + beta, for pictures (C, H, W) channel by channel, for rows number
    by number; the shape stays. The defaults are PyTorch's. What the book does otherwise is `variant="book"`,
    which a network of protocol "book" makes of it: each number of a picture has its own statistics, eps is
    1e-6, the running variance is that of the batch itself and starts at 0.

    Args:
        eps: added to the variance, at most 1, and above 0 in single precision: 1.2e-38 or more.
        momentum: the share, 0 to 1, that the latest batch has in the running statistics; the book counts
            what stays instead: its 0.9 is 0.1 here.
        variant: "standard" or "book".
        name: the layer's name; None for "BatchNorm1", "BatchNorm2", ….

    Reference: Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing
    internal covariate shift", 2015.
    """

    eps: float = _EPS
    momentum: float = 0.1
    variant: str = "standard"
    name: str | None = None
    kind: ClassVar[str] = "batch_normalization"
    stem: ClassVar[str] = "BatchNorm"
    title: ClassVar[str] = "Batch normalisation"
    by_sample: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (_is_number(self.eps) and SINGLE.least <= self.eps <= 1):
            rule = "a number above 0 (also in single precision), at most 1"
            raise SpecError(f"`eps` of BatchNormalization must be {rule}. Got {shown(self.eps)}.")
        if not (_is_number(self.momentum) and 0 <= self.momentum <= 1):
            rule = "a number from 0 to 1"
            raise SpecError(f"`momentum` of BatchNormalization must be {rule}. Got {shown(self.momentum)}.")
        if not isinstance(self.variant, str) or self.variant not in {"standard", "book"}:
            rule = "standard or book"
            raise SpecError(f"`variant` of BatchNormalization must be {rule}. Got {shown(self.variant)}.")
        object.__setattr__(self, "eps", float(self.eps))
        object.__setattr__(self, "momentum", float(self.momentum))

    def under(self, protocol: str) -> "BatchNormalization":
        if protocol != "book" or self.variant == "book":
            return self
        return replace(self, variant="book", eps=_BOOK_EPS if self.eps == _EPS else self.eps)

    def parameters(self, shape: Shape) -> tuple[ParameterSpec, ...]:
        is_book = self.variant == "book"
        size, role = (prod(shape) if is_book else shape[0],), Role.RUNNING_STATISTIC
        return (
            ParameterSpec("gamma", size, Role.SCALE),
            ParameterSpec("beta", size, Role.SHIFT),
            ParameterSpec("running_mean", size, role, trained=False),
            ParameterSpec("running_var", size, role, trained=False, start=0.0 if is_book else 1.0),
        )


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
