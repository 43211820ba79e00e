"""A network's table: its layers, those inside others too, and what follows from their places.

Must not know arrays. A layer that holds others (`ways`) stands behind them, so a table is in an order in
which it can be computed; `reads` says where each row's inputs come from.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from convlens.errors import SpecError
from convlens.spec.layers import LayerSpec
from convlens.spec.parameters import ParameterSpec
from convlens.spec.shapes import Shape

__all__ = ["LayerShape", "table_of"]

_PICTURE = -1


@dataclass(frozen=True)
class LayerShape:
    """One row of a network's table: a layer and what follows from its place in the network.

    Attributes:
        name: the layer's name, unique in the network.
        layer: its spec.
        input_shape, output_shape: without the batch axis.
        parameters: what it keeps, with the network's names: W1 and b1. What layers inside it keep, their rows
            say.
        multiply_adds: multiplications with additions for one sample's forward pass, without those inside.
        receptive_field: (height, width) in pixels of the picture that one output sees.
        reads: numbers of the rows whose outputs come in; -1 is the picture. One for most layers; for one that
            holds others the ends of its ways.
        inside: the rows of the layers that it holds.
    """

    name: str
    layer: LayerSpec
    input_shape: Shape
    output_shape: Shape
    parameters: tuple[ParameterSpec, ...]
    multiply_adds: int
    receptive_field: tuple[int, int]
    reads: tuple[int, ...] = (_PICTURE,)
    inside: "tuple[LayerShape, ...]" = ()

    @property
    def n_parameters(self) -> int:
        """How many numbers the layer learns."""
        return sum(parameter.size for parameter in self.parameters if parameter.trained)

    @property
    def kept(self) -> dict[str, ParameterSpec]:
        """All that it keeps, inside it too, by its own keys: W and b, or W1, b1, W2 of a layer of layers."""
        if not self.inside:
            return {parameter.key: parameter for parameter in self.parameters}
        keys = (parameter.key for parameter in self.layer.parameters(self.input_shape))
        return dict(zip(keys, (one for row in self.inside for one in row.parameters), strict=True))


class _Seen(NamedTuple):
    """What comes out somewhere.

    Attributes:
        number: of the row.
        shape: of one sample.
        field: its receptive field.
        jump: pixels between neighbours.
    """

    number: int
    shape: Shape
    field: tuple[int, int]
    jump: tuple[int, int]


def table_of(
    owner: str, picture: tuple[int, int, int], layers: Sequence[LayerSpec]
) -> tuple[LayerShape, ...]:
    """Return one row a layer, in an order in which they can be computed.

    Raises:
        SpecError: a layer does not fit what comes in, or two have one name.
    """
    table = _Table(owner, picture, _names(layers))
    table.through(layers, _Seen(_PICTURE, picture, (1, 1), (1, 1)))
    return tuple(table.rows)


class _Table:
    """A table that is being made, row by row."""

    def __init__(self, owner: str, picture: tuple[int, int, int], names: Sequence[str]) -> None:
        self.owner, self.picture, self.names = owner, picture, names
        self.rows: list[LayerShape] = []
        self.numbered = 0

    def through(self, layers: Sequence[LayerSpec], seen: _Seen) -> _Seen:
        """Append the rows of layers, one behind the other; return what comes out of the last one."""
        for layer in layers:
            first = len(self.rows)
            ends = [self.through(way, seen) for way in layer.ways] or [seen]
            seen = self.append(layer, seen, ends, tuple(self.rows[first:]))
        return seen

    def append(
        self, layer: LayerSpec, seen: _Seen, ends: Sequence[_Seen], inside: tuple[LayerShape, ...]
    ) -> _Seen:
        """Append one row, whose layer is given `seen`, and reads the ends of its ways."""
        name = self.names[len(self.rows)]
        try:
            out = layer.output_shape(seen.shape)
        except SpecError as error:
            raise SpecError(f"{self.owner}, layer {name}: {error}") from None
        own = () if layer.ways else layer.parameters(seen.shape)
        self.numbered += bool(own)
        field, jump = _receptive_field(layer, ends, self.picture)
        self.rows.append(
            LayerShape(
                name=name,
                layer=layer,
                input_shape=seen.shape,
                output_shape=out,
                parameters=tuple(parameter.numbered(self.numbered) for parameter in own),
                multiply_adds=layer.multiply_adds(seen.shape),
                receptive_field=field,
                reads=tuple(end.number for end in ends),
                inside=inside,
            )
        )
        return _Seen(len(self.rows) - 1, out, field, jump)


def _in_order(layers: Sequence[LayerSpec]) -> Iterator[LayerSpec]:
    """Yield layers as the table has them: those inside of one in front of it."""
    for layer in layers:
        for way in layer.ways:
            yield from _in_order(way)
        yield layer


def _names(layers: Sequence[LayerSpec]) -> list[str]:
    """Give each layer its own name, or its kind's with a number: Conv1, Relu1, Pool1, Affine1, Relu2, …."""
    seen: Counter[str] = Counter()
    names = []
    for layer in _in_order(layers):
        seen[layer.stem] += 1
        names.append(layer.name or f"{layer.stem}{seen[layer.stem]}")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise SpecError(f"layer names must differ. Twice: {', '.join(twice[:5])}.")
    return names


def _receptive_field(
    layer: LayerSpec, ends: Sequence[_Seen], picture: Shape
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the receptive field and the pixels between neighbours behind `layer`.

    field' = field + (window - 1)·jump, jump' = jump·step (Araujo et al., "Computing receptive fields
    of convolutional neural networks", Distill 2019). What sees everything sees the whole picture, and what
    joins several ways sees what the widest of them does.
    """
    field, jump = (max(end.field[0] for end in ends), max(end.field[1] for end in ends)), ends[0].jump
    window, step = layer.extent, layer.step
    if window is None:
        return (picture[1], picture[2]), jump
    wider = [min(field[axis] + (window[axis] - 1) * jump[axis], picture[axis + 1]) for axis in (0, 1)]
    return (wider[0], wider[1]), (jump[0] * step[0], jump[1] * step[1])
