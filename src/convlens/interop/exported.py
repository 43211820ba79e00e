"""What every way out starts from: a network, what its classes are called, where it comes from.

Must not know any format.
"""

import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.networks import Network
from convlens.spec import LayerShape, Missing, NetworkSpec

__all__ = ["Exported", "Numbers", "cells", "identifier"]

Numbers = NDArray[np.float32]
T = TypeVar("T")


@dataclass(frozen=True)
class Exported:
    """A network as data: its spec, its parameters in float32 and the names of its classes.

    Attributes:
        spec: what it is.
        parameters: by the network's names, W1, b1, …, float32.
        class_names: one a class, in the order of the scores.
        origin: where it comes from, for people; one line.
    """

    spec: NetworkSpec
    parameters: dict[str, Numbers]
    class_names: tuple[str, ...]
    origin: str = ""

    @classmethod
    @as_annotated
    def of(cls, network: Network, class_names: Sequence[str] | None = None, origin: str = "") -> "Exported":
        """Return a network as it is now; what is trained later does not change it.

        Args:
            network: float64 parameters are rounded to float32.
            class_names: of the scores, in order; None for their numbers.
            origin: one line for people.

        Raises:
            UsageError: there are not as many names as classes, or a parameter is not finite.
        """
        classes = network.spec.n_classes
        names = tuple(map(str, range(classes) if class_names is None else class_names))
        if len(names) != classes:
            raise UsageError(f"`class_names` of {network.spec.name} must be {classes}. Got {len(names)}.")
        parameters = {name: value.astype(np.float32) for name, value in network.params.items()}
        for name, value in parameters.items():
            if not np.isfinite(value).all():
                raise UsageError(f"`{name}` of {network.spec.name} holds NaN or infinity in float32.")
        return cls(network.spec, parameters, names, " ".join(origin.split()))

    @as_annotated
    def own(self, row: LayerShape) -> dict[str, Numbers]:
        """Return the parameters of one layer by its own keys, W and b."""
        return {parameter.key: self.parameters[parameter.name] for parameter in row.parameters}

    @property
    def largest(self) -> int:
        """How many numbers the largest input or output of a layer holds."""
        return max(prod(shape) for row in self.spec.table for shape in (row.input_shape, row.output_shape))


def cells(table: Mapping[str, T | Missing], spec: NetworkSpec, format_name: str) -> list[T]:
    """Return a way out's cell for each layer of a network.

    Raises:
        UsageError: the way does not take a layer; the message names the layer and the reason.
    """
    found = []
    for row in spec.table:
        cell = table.get(row.layer.kind, Missing("it has no cell in the table"))
        if isinstance(cell, Missing):
            raise UsageError(f"{format_name} does not take {row.layer.title} ({row.name}): {cell.reason}.")
        found.append(cell)
    return found


def identifier(name: str, fallback: str) -> str:
    """Return a name that Python and C take, made of ASCII letters of `name`; the fallback if there are none.

    >>> identifier("LeNet-5", "network"), identifier("손글씨", "network"), identifier("class", "network")
    ('LeNet_5', 'network', 'class_')
    """
    if not isinstance(name, str):
        raise UsageError(f"`name` of an export must be a text. Got {shown(name)}.")
    found = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    if not found:
        return fallback
    if found[0].isdigit():
        found = f"{fallback}_{found}"
    return f"{found}_" if keyword.iskeyword(found) or found in _C_WORDS else found


_C_WORDS = frozenset(
    {"auto", "char", "const", "default", "do", "double", "enum", "extern", "float", "goto", "inline", "int"}
    | {"long", "main", "register", "restrict", "short", "signed", "sizeof", "static", "struct", "switch"}
    | {"typedef", "union", "unsigned", "void", "volatile"}
)
