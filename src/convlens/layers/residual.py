"""Residual addition: what some layers make of their input is added to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any, cast

from convlens import spec
from convlens._typing import Array
from convlens.arguments import listed
from convlens.arrays import as_numbers
from convlens.errors import OrderError, ShapeError, UsageError, shown
from convlens.layers.batch import Batch, forward_in_batch
from convlens.layers.layer import Layer, checked_gradient, checked_switch

__all__ = ["Residual", "depth_first", "joined", "numbered", "shared_out"]

Layers = Mapping[str, Any] | Sequence[Any]


class Residual(Layer):
    """out = layers(x) + shortcut(x); an empty shortcut is x itself.

    Going back, both ways get the whole derivative, and dx is the sum of theirs. What the layers inside keep
    is W1, b1, W2, … here, numbered in their order, those of the shortcut last.

    Args:
        layers: one or more in order, a list or a dict by name.
        shortcut: layers of the other way, where the shape changes.

    Attributes:
        shape: of the latest output.
        names: of the layers of each way; None where they have none of their own.
    """

    computes = spec.Residual
    remembered = ("shape",)

    def __init__(self, layers: Layers, shortcut: Layers = ()) -> None:
        self.layers, names = _listed("layers", layers)
        self.shortcut, others = _listed("shortcut", shortcut)
        self.names: tuple[list[str | None], ...] = (names, others)
        if not self.layers:
            raise UsageError("`layers` of Residual must be one or more layers. Got none.")
        self.shape: tuple[int, ...] | None = None
        keeping = _keeping(self)
        self.trained = tuple(f"{key}{n}" for n, leaf in keeping for key in leaf.trained)
        self.untrained = tuple(f"{key}{n}" for n, leaf in keeping for key in leaf.untrained)

    @property
    def ways(self) -> tuple[list[Any], ...]:
        return self.layers, self.shortcut

    @property
    def params(self) -> dict[str, Array]:
        """What the layers inside keep, in their order: live arrays, not copies."""
        own = ((f"{key}{n}", leaf.params.get(key)) for n, leaf in _keeping(self) for key in _keys(leaf))
        return {name: value for name, value in own if value is not None}

    @classmethod
    def from_spec(cls, layer: Any, **parameters: Any) -> "Residual":  # noqa: ANN401
        """Return the layer with the spec's layers, among which W1, b1, W2, … are shared out."""
        return cast("Residual", _Builder(parameters).built(layer))

    def to_spec(self, name: str | None = None) -> spec.Residual:
        named = (zip(way, names, strict=True) for way, names in zip(self.ways, self.names, strict=True))
        layers, shortcut = (tuple(layer.to_spec(own) for layer, own in way) for way in named)
        return spec.Residual(layers, shortcut, name=name)

    def forward(self, x: Array, train: bool = False, batch: Batch | None = None) -> Array:
        """Send x both ways and add what comes out; any shape, as long as both ways lead to the same."""
        x, train = as_numbers("`x` of Residual", x), checked_switch(train, "Residual")
        if not isinstance(batch, Batch | None):
            raise UsageError(f"`batch` of Residual.forward must be a Batch or None. Got {shown(batch)}.")
        outside, first = _outside(batch, self)
        ends = []
        for way in self.ways:
            out = x
            for number, layer in zip(numbered(way, first), way, strict=True):
                out, first = forward_in_batch(layer, out, train, outside, number), number + 1
            ends.append(out)
        out = joined(*ends)
        self.shape = out.shape
        return out

    def backward(self, dout: Array) -> Array:
        """dx = dout back through the layers + dout back through the shortcut."""
        if self.shape is None:
            raise OrderError("Residual.backward needs a forward before it: call its forward first.")
        main = short = checked_gradient(dout, self.shape, "Residual")
        for layer in reversed(self.layers):
            main = layer.backward(main)
        for layer in reversed(self.shortcut):
            short = layer.backward(short)
        return main + short

    def forget(self) -> None:
        super().forget()
        for layer in (*self.layers, *self.shortcut):
            if isinstance(layer, Layer):
                layer.forget()

    def hold(self, params: Mapping[str, Array], grads: Mapping[str, Array]) -> None:
        shares = zip(self.ways, shared_out(self, params), shared_out(self, grads), strict=True)
        for way in shares:
            for layer, *own in zip(*way, strict=True):
                if isinstance(layer, Layer):
                    layer.hold(*own)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Return W1, b1, dW1, … of the layers inside."""
        for number, leaf in _keeping(self) if "shortcut" in vars(self) else ():  # not yet in a copy
            for key in _keys(leaf):
                if name in {f"{key}{number}", f"d{key}{number}"}:
                    return getattr(leaf, name.removesuffix(str(number)))
        raise AttributeError(f"Residual has no attribute {name!r}.")


def joined(main: Array, short: Array) -> Array:
    """Return the sum of what both ways lead to."""
    if main.shape != short.shape:
        rule = "the ways of Residual must lead to one shape"
        raise ShapeError(f"{rule}. Got {main.shape} from its layers, {short.shape} from its shortcut.")
    return main + short


def shared_out(layer: Residual, arrays: Mapping[str, Array]) -> list[list[dict[str, Array]]]:
    """Return what of W1, b1, … belongs to each layer of each way, by that layer's own keys."""
    numbers = {id(leaf): number for number, leaf in _keeping(layer)}

    def own(inner: Any) -> dict[str, Array]:  # noqa: ANN401
        named = (
            (f"{key}{place or ''}", f"{key}{numbers[id(leaf)]}")
            for place, leaf in _keeping(inner)
            for key in _keys(leaf)
        )
        return {key: arrays[name] for key, name in named if name in arrays}

    return [[own(inner) for inner in way] for way in layer.ways]


def depth_first(layer: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the layers inside of one, way by way, and then itself: the order of a network's table."""
    for way in getattr(layer, "ways", ()):
        for inner in way:
            yield from depth_first(inner)
    yield layer


def _keeping(layer: Any) -> list[tuple[int, Layer]]:  # noqa: ANN401
    """Return the layers inside of one that keep something, with their numbers; 0 for the layer itself."""
    found = [one for one in depth_first(layer) if isinstance(one, Layer) and not one.ways]
    keeping = [one for one in found if one.trained or one.untrained]
    return list(enumerate(keeping, 1 if getattr(layer, "ways", ()) else 0))


def numbered(layers: Sequence[Any], first: int = 0) -> list[int]:
    """Return the numbers of layers in a network's table, where those inside of one stand in front of it.

    Args:
        layers: one behind the other.
        first: the number of the first of them, or of the first one inside it.
    """
    counts = accumulate(sum(1 for _ in depth_first(layer)) for layer in layers)
    return [first + count - 1 for count in counts]


def _outside(batch: Batch | None, layer: Residual) -> tuple[Batch | None, int]:
    """Return the batch without a layer's own number, and the number of the first layer inside."""
    if batch is None or not batch.place:
        return batch, 0
    *around, own = batch.place
    return replace(batch, place=tuple(around)), own + 1 - sum(1 for _ in depth_first(layer))


def _keys(layer: Layer) -> tuple[str, ...]:
    """Return the keys of what a layer keeps."""
    return layer.trained + layer.untrained


class _Builder:
    """Layers of specs, which take their parameters one after the other: W1 and b1 are the first one's."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters, self.number = parameters, 0

    def built(self, layer: spec.LayerSpec) -> Layer:
        from convlens.layers import LAYERS  # noqa: PLC0415 (all layers, this one too)

        cls = LAYERS[layer.kind]
        if layer.ways:
            made = cast("type[Residual]", cls)(*([self.built(one) for one in way] for way in layer.ways))
            made.names = tuple([one.name for one in way] for way in layer.ways)
            return made
        keys = (*cls.trained, *cls.untrained)
        self.number += bool(keys)
        return cls.from_spec(layer, **{key: self.parameters[f"{key}{self.number}"] for key in keys})


def _listed(field: str, given: Layers) -> tuple[list[Any], list[str | None]]:
    """Return the layers of one way in order, and what each of them is called."""
    found = listed(given.values() if isinstance(given, Mapping) else given)
    for layer in [given] if found is None else found:
        if isinstance(layer, type) or not (hasattr(layer, "forward") and hasattr(layer, "backward")):
            rule = "a list of layers, with `forward` and `backward`"
            raise UsageError(f"`{field}` of Residual must be {rule}. Got {shown(layer)}.")
    made = found or []
    return made, list(given) if isinstance(given, Mapping) else [None for _ in made]
