"""What a network *is*: its layers in order and how it starts. Must not know arrays.

`NetworkSpec` checks itself when it is made: every layer fits the one before it.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import prod
from numbers import Real
from typing import Literal, TypeAlias

from convlens.errors import SpecError
from convlens.spec.layers import Affine, LayerSpec, Shape

__all__ = ["DTYPES", "INITIALISERS", "MAX_PARAMETERS", "PROTOCOLS", "LayerShape", "NetworkSpec"]

DTYPES = ("float32", "float64")
PROTOCOLS = ("standard", "book")
INITIALISERS = ("he", "xavier")
MAX_PARAMETERS = 1_000_000_000
"""More than any network here can be trained with: a slip of the pen, not a plan."""
WeightInit: TypeAlias = float | Literal["he", "xavier"]


_CONTROL = ("Cc", "Cs", "Zl", "Zp")  # Unicode's control characters, surrogates, line and paragraph separators


@dataclass(frozen=True)
class LayerShape:
    """One row of a network's table: a layer and what follows from its place in the network.

    Attributes:
        name: the layer's name, unique in the network.
        layer: its spec.
        input_shape, output_shape: without the batch axis.
        parameters: shapes by the network's names, such as {"W1": (30, 1, 5, 5), "b1": (30,)}.
        multiply_adds: multiplications with additions for one sample's forward pass.
        receptive_field: (height, width) in pixels of the picture that one output sees.
    """

    name: str
    layer: LayerSpec
    input_shape: Shape
    output_shape: Shape
    parameters: dict[str, Shape]
    multiply_adds: int
    receptive_field: tuple[int, int]

    @property
    def n_parameters(self) -> int:
        """How many numbers the layer learns."""
        return sum(prod(shape) for shape in self.parameters.values())


@dataclass(frozen=True)
class NetworkSpec:
    """A network as data: a softmax with cross-entropy stands behind the last layer.

    Args:
        name: what to call it.
        input_shape: (channels, height, width) of one picture.
        layers: in the order of the forward pass; the last one is Affine, its units are the classes.
        weight_init_std: standard deviation of the first weights, or "he" (√(2/fan-in)) or "xavier"
            (√(1/fan-in)). Biases start at zero.
        dtype: "float32" or "float64", of parameters and activations.
        protocol: "standard", or "book" for the book's own arithmetic (then float64 and the global
            NumPy stream).

    Raises:
        SpecError: a value is out of range or a layer does not fit the one before it.
    """

    name: str
    input_shape: tuple[int, int, int]
    layers: tuple[LayerSpec, ...]
    weight_init_std: float | str = 0.01
    dtype: str = "float32"
    protocol: str = "standard"

    def __post_init__(self) -> None:
        _require_name("name", "a network", self.name)
        _choose("dtype", self.dtype, DTYPES)
        _choose("protocol", self.protocol, PROTOCOLS)
        if self.protocol == "book" and self.dtype != "float64":
            raise SpecError('`dtype` of a network with protocol "book" must be "float64".')
        if isinstance(self.weight_init_std, str):
            _choose("weight_init_std", self.weight_init_std, INITIALISERS)
        elif not isinstance(self.weight_init_std, Real) or not 0 <= self.weight_init_std < float("inf"):
            rule = f"a number ≥ 0, or {' or '.join(INITIALISERS)}"
            raise SpecError(f"`weight_init_std` must be {rule}. Got {self.weight_init_std!r}.")
        else:  # 1 and 1.0 are one network, with one hash
            object.__setattr__(self, "weight_init_std", float(self.weight_init_std))
        shape = tuple(self.input_shape)
        if len(shape) != 3 or any(not isinstance(n, int) or n < 1 for n in shape):
            rule = "(channels, height, width), all positive"
            raise SpecError(f"`input_shape` of {self.name} must be {rule}. Got {self.input_shape}.")
        object.__setattr__(self, "input_shape", shape)
        object.__setattr__(self, "layers", tuple(self.layers))
        if not self.layers or not isinstance(self.layers[-1], Affine):
            raise SpecError(f"the last layer of {self.name} must be Affine: its units are the classes.")
        if self.n_parameters > MAX_PARAMETERS:  # and, to count them, every layer has been seen to fit
            size = f"{self.n_parameters:,} parameters, {self.n_parameters * int(self.dtype[5:]) // 8:,} bytes"
            rule = f"at most {MAX_PARAMETERS:,} are taken: make its layers smaller"
            raise SpecError(f"{self.name} has {size} in {self.dtype}; {rule}.")

    @property
    def n_classes(self) -> int:
        """How many classes it tells apart: the last layer's units."""
        return self.table[-1].output_shape[0]

    @cached_property
    def table(self) -> tuple[LayerShape, ...]:
        """One `LayerShape` a layer, in order."""
        names = _layer_names(self.layers)
        shape: Shape = self.input_shape
        field, jump, numbered, rows = (1, 1), (1, 1), 0, []
        for name, layer in zip(names, self.layers, strict=True):
            try:
                out = layer.output_shape(shape)
            except SpecError as error:
                raise SpecError(f"{self.name}, layer {name}: {error}") from None
            own = layer.parameter_shapes(shape)
            numbered += bool(own)
            field, jump = _receptive_field(layer, field, jump, self.input_shape)
            rows.append(
                LayerShape(
                    name=name,
                    layer=layer,
                    input_shape=shape,
                    output_shape=out,
                    parameters={f"{key}{numbered}": value for key, value in own.items()},
                    multiply_adds=layer.multiply_adds(shape),
                    receptive_field=field,
                )
            )
            shape = out
        return tuple(rows)

    @cached_property
    def parameter_shapes(self) -> dict[str, Shape]:
        """Shapes of all parameters, in order: {"W1": …, "b1": …, "W2": …}."""
        return {name: shape for row in self.table for name, shape in row.parameters.items()}

    @property
    def n_parameters(self) -> int:
        """How many numbers the network learns."""
        return sum(row.n_parameters for row in self.table)


def _choose(name: str, value: object, options: tuple[str, ...]) -> None:
    if value not in options:
        raise SpecError(f"`{name}` must be one of {', '.join(options)}. Got {value!r}.")


def _require_name(field: str, owner: str, name: object) -> None:
    """Refuse what would break a line, or lead out of the folder of files that are named after it."""
    bad = [c for c in str(name) if c in "/\\" or unicodedata.category(c) in _CONTROL]
    if not isinstance(name, str) or not name.strip() or bad:
        rule = "a text without slashes, backslashes and control characters"
        raise SpecError(f"`{field}` of {owner} must be {rule}. Got {name!r}.")


def _layer_names(layers: tuple[LayerSpec, ...]) -> list[str]:
    """Give each layer its own name, or its kind's with a number: Conv1, Relu1, Pool1, Affine1, Relu2, …."""
    seen: Counter[str] = Counter()
    names = []
    for layer in layers:
        if layer.name is not None:
            _require_name("name", "a layer", layer.name)
        seen[layer.stem] += 1
        names.append(layer.name or f"{layer.stem}{seen[layer.stem]}")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise SpecError(f"layer names must differ. Twice: {', '.join(twice)}.")
    return names


def _receptive_field(
    layer: LayerSpec, field: tuple[int, int], jump: tuple[int, int], picture: Shape
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the receptive field and the pixels between neighbours behind `layer`.

    field' = field + (window - 1)·jump, jump' = jump·step (Araujo et al., "Computing receptive fields
    of convolutional neural networks", Distill 2019). An affine layer sees the whole picture.
    """
    if isinstance(layer, Affine):
        return (picture[1], picture[2]), jump
    window, step = layer.extent, layer.step
    wider = [min(field[axis] + (window[axis] - 1) * jump[axis], picture[axis + 1]) for axis in (0, 1)]
    return (wider[0], wider[1]), (jump[0] * step[0], jump[1] * step[1])
