"""Dropout as data. Must not know arrays."""

from dataclasses import dataclass, replace
from numbers import Real
from typing import ClassVar

from convlens.errors import SpecError, shown
from convlens.spec.layers.layer import LayerSpec

__all__ = ["Dropout"]


@dataclass(frozen=True)
class Dropout(LayerSpec):
    """Drops some numbers at random while training, and lets all of them through otherwise.

    What is kept is made larger by as much as is missing. The book keeps it as it is, and makes all of them
    smaller behind the training instead: that is `variant="book"`, which a network of protocol "book" makes of
    it.

    Args:
        ratio: the share that is dropped, 0 or more and below 1.
        variant: "standard" or "book".
        name: the layer's name; None for "Dropout1", "Dropout2", ….

    Reference: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.
    """

    ratio: float = 0.5
    variant: str = "standard"
    name: str | None = None
    kind: ClassVar[str] = "dropout"
    stem: ClassVar[str] = "Dropout"
    title: ClassVar[str] = "Dropout"

    def __post_init__(self) -> None:
        super().__post_init__()
        is_number = isinstance(self.ratio, Real) and not isinstance(self.ratio, bool)
        if not (is_number and 0 <= self.ratio < 1):
            rule = "a number from 0 to below 1: the share that is dropped"
            raise SpecError(f"`ratio` of Dropout must be {rule}. Got {shown(self.ratio)}.")
        if not isinstance(self.variant, str) or self.variant not in {"standard", "book"}:
            raise SpecError(f"`variant` of Dropout must be standard or book. Got {shown(self.variant)}.")
        object.__setattr__(self, "ratio", float(self.ratio))

    @property
    def factor(self) -> float:
        """What everything is multiplied with where nothing is trained."""
        return 1 - self.ratio if self.variant == "book" else 1.0

    def under(self, protocol: str) -> "Dropout":
        return replace(self, variant="book") if protocol == "book" else self
