"""Layers that hold layers, as data. Must not know arrays.

What such a layer holds are `ways`: lists of layers that all begin at what comes into it. In a network's table
the layers inside are rows of their own, in front of the row of the layer that holds them, which joins what
the ways lead to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from convlens.arguments import listed
from convlens.errors import SpecError, shown
from convlens.spec.layers.layer import LayerSpec
from convlens.spec.parameters import ParameterSpec
from convlens.spec.shapes import Shape

__all__ = ["Residual"]

DEEPEST = 16
"""So many layers may stand one inside another: a slip of the pen, not a plan."""


@dataclass(frozen=True)
class Residual(LayerSpec):
    """layers(x) + shortcut(x): what the layers add to their input.

    Args:
        layers: one or more, in order.
        shortcut: layers of the other way, such as a 1x1 convolution where the shape changes; none for x as
            it is.
        name: the layer's name; None for "Residual1", "Residual2", ….

    Reference: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016.
    """

    layers: tuple[LayerSpec, ...]
    shortcut: tuple[LayerSpec, ...] = ()
    name: str | None = None
    kind: ClassVar[str] = "residual"
    stem: ClassVar[str] = "Residual"
    title: ClassVar[str] = "Residual addition"
    holds: ClassVar[tuple[str, ...]] = ("layers", "shortcut")

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "layers", _inside("layers", self.layers))
        object.__setattr__(self, "shortcut", _inside("shortcut", self.shortcut))
        if not self.layers:
            raise SpecError("`layers` of Residual must be one or more layers. Got none.")
        if self.depth > DEEPEST:
            raise SpecError(f"layers may stand {DEEPEST} deep in each other. Got {self.depth}.")

    def output_shape(self, shape: Shape) -> Shape:
        main, short = (_ends(way, shape)[-1] for way in self.ways)
        if main == short:
            return main
        if self.shortcut:
            raise SpecError(f"`layers` of Residual give {main} and its `shortcut` {short}: make them equal.")
        remedy = "keep the shape, or give it a `shortcut`, such as a 1x1 convolution"
        raise SpecError(f"`layers` of Residual make {main} of {short}, which cannot be added: {remedy}.")

    def parameters(self, shape: Shape) -> tuple[ParameterSpec, ...]:
        """Return what the layers inside keep: W1, b1, W2, …, numbered in their order, as in a network."""
        keeping = (own for layer, seen in _leaves(self, shape) if (own := layer.parameters(seen)))
        return tuple(
            replace(one, key=f"{one.key}{number}") for number, own in enumerate(keeping, 1) for one in own
        )


def _inside(field: str, given: object) -> tuple[LayerSpec, ...]:
    """Return the layers of one way as a tuple."""
    found = listed(given)
    if found is None or not all(isinstance(layer, LayerSpec) for layer in found):
        rule = "a list of layers of convlens.spec, such as spec.Relu()"
        raise SpecError(f"`{field}` of Residual must be {rule}. Got {shown(given)}.")
    return tuple(found)


def _ends(way: tuple[LayerSpec, ...], shape: Shape) -> list[Shape]:
    """Return the shapes before, between and behind the layers of a way."""
    shapes = [shape]
    for layer in way:
        shapes.append(layer.output_shape(shapes[-1]))
    return shapes


def _leaves(layer: LayerSpec, shape: Shape) -> Iterator[tuple[LayerSpec, Shape]]:
    """Yield the layers inside that hold no others, way by way, each with the shape of what comes in."""
    for way in layer.ways:
        for inner, seen in zip(way, _ends(way, shape), strict=False):
            if inner.ways:
                yield from _leaves(inner, seen)
            else:
                yield inner, seen
