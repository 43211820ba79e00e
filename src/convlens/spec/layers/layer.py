"""What every layer's spec says. Must not know any one of them, or arrays.

Every class answers the same questions about an input of a given shape (without the batch axis):
`output_shape`, `parameters`, `multiply_adds`; how far it looks (`extent`, `step`, `borders`); and what it
is for (`purpose`), so that nobody needs to ask which class it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, ClassVar

from convlens.spec.names import require_name
from convlens.spec.padding import Borders
from convlens.spec.parameters import ParameterSpec
from convlens.spec.shapes import Shape

__all__ = ["LayerSpec", "Purpose"]


class Purpose(StrEnum):
    """What a layer is for."""

    WEIGHTED = "weighted"
    """Sums its inputs, each times a weight that is learned: it has filters, or units."""

    POOLING = "pooling"
    """Makes maps smaller, each by itself."""

    ACTIVATION = "activation"
    """Works on every number by itself and keeps the shape."""

    OTHER = "other"
    """None of these: it is called by its title and drawn as what comes out of it."""


@dataclass(frozen=True)
class LayerSpec:
    """A layer as data; as it stands, one that keeps the shape and learns nothing.

    Every layer's last argument is its name.

    Attributes:
        kind: what files and consumer tables call it: "relu".
        stem: what the names of such layers begin with: "Relu".
        title: what people call it, in every language: "ReLU".
        purpose: what it is for.
        zero_below_zero: whether it makes 0 of all that is negative, so that what is in front of it can die.
        by_sample: whether what comes out for one sample does not depend on the others of its batch.
        unsaid: settings that files leave out where they are as here: the layer had none such at first, and
            what was written then stays as it is.
        holds: the fields in which there are layers, see `ways`.
    """

    kind: ClassVar[str]
    stem: ClassVar[str]
    title: ClassVar[str]
    purpose: ClassVar[Purpose] = Purpose.OTHER
    zero_below_zero: ClassVar[bool] = False
    by_sample: ClassVar[bool] = True
    unsaid: ClassVar[Mapping[str, Any]] = {}
    holds: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        if self.name is not None:
            require_name("name", "a layer", self.name)

    @property
    def name(self) -> str | None:
        """The layer's name; None for its stem with a number, such as "Conv1", "Conv2", …."""
        return None

    @property
    def ways(self) -> "tuple[tuple[LayerSpec, ...], ...]":
        """The layers that it holds, if it holds any: lists that all begin at what comes into it."""
        return tuple(getattr(self, field) for field in self.holds)

    @property
    def depth(self) -> int:
        """How many layers stand one inside another, this one counted."""
        return 1 + max((layer.depth for way in self.ways for layer in way), default=0)

    @property
    def extent(self) -> tuple[int, int] | None:
        """Height and width of the window that one output looks through; None where it sees everything."""
        return 1, 1

    @property
    def step(self) -> tuple[int, int]:
        """How far apart, vertically and horizontally, the windows of neighbouring outputs are."""
        return 1, 1

    def borders(self, shape: Shape) -> Borders:
        """Return the rows above and below, and columns left and right, that windows see beyond the input."""
        del shape
        return (0, 0), (0, 0)

    @property
    def spacing(self) -> tuple[int, int]:
        """How far apart, vertically and horizontally, the elements of a window are."""
        return 1, 1

    def under(self, protocol: str) -> "LayerSpec":
        """Return the layer as a network of this protocol computes it: itself, unless the book differs."""
        ways = zip(self.holds, self.ways, strict=True)
        inside = {field: tuple(layer.under(protocol) for layer in way) for field, way in ways}
        return replace(self, **inside) if inside else self

    @property
    def groups(self) -> int:
        """Into how many its channels fall that do not see each other; 1 where no weights tell them apart."""
        return 1

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape for an input of `shape`, both without the batch axis."""
        return shape

    def parameters(self, shape: Shape) -> tuple[ParameterSpec, ...]:
        """Return what the layer keeps for an input of `shape`, by its own names."""
        del shape
        return ()

    def multiply_adds(self, shape: Shape) -> int:
        """Return the multiplications with additions of one sample's forward pass."""
        del shape
        return 0
