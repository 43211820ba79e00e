"""What every family of known layers can say of itself. Must not know any one of them."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, TypeAlias

from convlens._typing import Array

__all__ = ["Known", "Suspects"]

Suspects: TypeAlias = Iterator[tuple[str, Array]]
"""A fault's key, and what a layer would give that has it."""


class Known:
    """A layer whose formula is known, at one input.

    Attributes:
        agrees: whether the layer under test gives what the formula does.
    """

    kind: ClassVar[str] = ""
    agrees: bool = False

    def right(self) -> Array:
        """Return the output by the formula."""
        raise NotImplementedError

    def outputs(self) -> Suspects:
        """Yield the outputs of faulty layers."""
        yield from ()

    def derivatives(self, dout: Array) -> Mapping[str, Array]:
        """Return the derivatives by the formula: "x", and each parameter by its path."""
        raise NotImplementedError

    def suspects(self, target: str, dout: Array) -> Suspects:
        """Yield what faulty layers give as the derivative by "x" or by the parameter of this path."""
        del target, dout
        yield from ()
