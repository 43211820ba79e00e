"""What a network *is*: its layers in order and how it starts. Must not know arrays.

`NetworkSpec` checks itself when it is made: every layer fits the one before it.
"""

from dataclasses import dataclass
from functools import cached_property
from math import prod
from numbers import Real
from typing import Any, ClassVar

from convlens.arguments import listed
from convlens.errors import SpecError, shown
from convlens.spec.layers import LayerSpec
from convlens.spec.names import require_name
from convlens.spec.parameters import ParameterSpec
from convlens.spec.shapes import LARGEST, Shape, positive
from convlens.spec.table import LayerShape, table_of

__all__ = [
    "DTYPES",
    "INITIALISERS",
    "LARGEST_STD",
    "MAX_PARAMETERS",
    "PROTOCOLS",
    "LayerShape",
    "NetworkSpec",
]

DTYPES = ("float32", "float64")
PROTOCOLS = ("standard", "book")
INITIALISERS = ("he", "xavier")
MAX_PARAMETERS = 1_000_000_000
"""More than any network here can be trained with: a slip of the pen, not a plan."""
LARGEST_STD = 1000.0
"""First weights spread wider make numbers that no training comes back from, and at last infinite ones."""


@dataclass(frozen=True)
class NetworkSpec:
    """A network as data: a softmax with cross-entropy stands behind the last layer.

    Args:
        name: what to call it, at most 80 letters.
        input_shape: (channels, height, width) of one picture.
        layers: in the order of the forward pass; the last one gives one number a class, (classes,) or
            (classes, 1, 1), as Affine and GlobalAveragePooling do.
        weight_init_std: standard deviation of the first weights, 0 to 1000, or "he" (√(2/fan-in)) or
            "xavier" (√(1/fan-in)). Biases start at zero.
        dtype: "float32" or "float64", of parameters and activations.
        protocol: "standard", or "book" for the book's own arithmetic (then float64 and the global
            NumPy stream).

    Raises:
        SpecError: a value is out of range or a layer does not fit the one before it.
    """

    _obtained: ClassVar[str] = "convlens.spec.named_network('simple') returns one"

    name: str
    input_shape: tuple[int, int, int]
    layers: tuple[LayerSpec, ...]
    weight_init_std: float | str = 0.01
    dtype: str = "float32"
    protocol: str = "standard"

    def __post_init__(self) -> None:
        require_name("name", "a network", self.name)
        _choose("dtype", self.dtype, DTYPES)
        _choose("protocol", self.protocol, PROTOCOLS)
        if self.protocol == "book" and self.dtype != "float64":
            raise SpecError('`dtype` of a network with protocol "book" must be "float64".')
        # One way to write each network: 1 and 1.0 are one, with one hash.
        object.__setattr__(self, "weight_init_std", _deviation(self.weight_init_std))
        object.__setattr__(self, "input_shape", _picture_shape(self.input_shape, self.name))
        layers = tuple(layer.under(self.protocol) for layer in _layers(self.layers, self.name))
        object.__setattr__(self, "layers", layers)
        _require_scores(self.name, self.table[-1])
        count = sum(parameter.size for parameter in self.parameters)  # every layer has been seen to fit
        if count > MAX_PARAMETERS:
            size = f"{count:,} parameters, {count * int(self.dtype[5:]) // 8:,} bytes"
            rule = f"at most {MAX_PARAMETERS:,} are taken: make its layers smaller"
            raise SpecError(f"{self.name} has {size} in {self.dtype}; {rule}.")

    @property
    def n_classes(self) -> int:
        """How many classes it tells apart: as many as the last layer gives numbers."""
        return self.table[-1].output_shape[0]

    @cached_property
    def table(self) -> tuple[LayerShape, ...]:
        """One `LayerShape` a layer, in order; the layers inside of one stand in front of it."""
        return table_of(self.name, self.input_shape, self.layers)

    @cached_property
    def outer(self) -> tuple[LayerShape, ...]:
        """The rows of `layers` themselves, without those of what is inside others."""
        found: list[LayerShape] = []
        place = len(self.table)
        while place:
            found.append(self.table[place - 1])
            place -= 1 + len(found[-1].inside)
        return tuple(reversed(found))

    def behind(self, name: str) -> tuple[LayerShape, ...]:
        """Return the rows that read what a layer gives: several where ways part, none behind the last one."""
        names = [row.name for row in self.table]
        if not isinstance(name, str) or name not in names:
            rule = f"a layer of {self.name}: {', '.join(names)}"
            raise SpecError(f"`name` of behind must be {rule}. Got {shown(name)}.")
        number = names.index(name)
        return tuple(row for row in self.table if number in row.reads)

    @cached_property
    def parameters(self) -> tuple[ParameterSpec, ...]:
        """All parameters in the order of the flat vector: first what is trained, layer by layer."""
        own = [parameter for row in self.table for parameter in row.parameters]
        return tuple(sorted(own, key=lambda parameter: not parameter.trained))

    @cached_property
    def parameter_shapes(self) -> dict[str, Shape]:
        """Shapes of all parameters by name, in the order of the flat vector: {"W1": …, "b1": …, "W2": …}."""
        return {parameter.name: parameter.shape for parameter in self.parameters}

    @property
    def n_parameters(self) -> int:
        """How many numbers the network learns."""
        return sum(row.n_parameters for row in self.table)


def _choose(name: str, value: object, options: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in options:
        raise SpecError(f"`{name}` must be one of {', '.join(options)}. Got {shown(value)}.")


def _deviation(value: Any) -> float | str:  # noqa: ANN401
    """Return how far the first weights are spread: a number, or the name of a rule."""
    if isinstance(value, str):
        _choose("weight_init_std", value, INITIALISERS)
        return value
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or not value >= 0:
        rule = f"a number ≥ 0, or {' or '.join(INITIALISERS)}"
        raise SpecError(f"`weight_init_std` must be {rule}. Got {shown(value)}.")
    if value > LARGEST_STD:
        raise SpecError(f"`weight_init_std` must be at most {LARGEST_STD:g}. Got {shown(value)}.")
    return float(value)


def _picture_shape(value: object, owner: str) -> tuple[int, int, int]:
    """Return a picture's shape as three ints."""
    rule = f"`input_shape` of {owner} must be (channels, height, width), all positive ints"
    shape = tuple(listed(value) or ())
    if len(shape) != 3:
        remedy = f" For grey pictures: [1, {shape[0]}, {shape[1]}]." if _is_size(shape) else ""
        raise SpecError(f"{rule}. Got {shown(value)}.{remedy}")
    try:
        channels, height, width = (positive(n, owner, "input_shape") for n in shape)
    except SpecError:
        raise SpecError(f"{rule}. Got {shown(value)}.") from None
    if channels * height * width > LARGEST:
        raise SpecError(f"{rule}, together at most {LARGEST:,} values. Got {shown(value)}.")
    return channels, height, width


def _is_size(shape: tuple[object, ...]) -> bool:
    """Say whether the shape is (height, width): the channels were forgotten."""
    return len(shape) == 2 and all(type(n) is int and 0 < n < 10_000 for n in shape)


def _layers(given: object, owner: str) -> tuple[LayerSpec, ...]:
    """Return layers as a tuple, one or more."""
    layers = tuple(listed(given) or ())
    if not layers:
        raise SpecError(
            f"`layers` of {owner} must be one or more: the last gives one number a class. Got none."
        )
    for layer in layers:
        if not isinstance(layer, LayerSpec):
            rule = "layers of convlens.spec, such as spec.Relu()"
            raise SpecError(f"`layers` of {owner} must be {rule}. Got {shown(layer)}.")
    return layers


def _require_scores(owner: str, last: LayerShape) -> None:
    """Refuse a network whose last layer gives maps: softmax wants one number a class."""
    if prod(last.output_shape[1:]) != 1:
        rule = f"the last layer of {owner} must give one number a class, (classes,) or (classes, 1, 1)"
        remedy = "end with Affine(classes) or GlobalAveragePooling()"
        raise SpecError(f"{rule}: {remedy}. {last.name} gives {last.output_shape}.")
