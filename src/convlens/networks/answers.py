"""What a network answers to pictures: a class, and how probable each one is. Must not know layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arguments import Count, Within, as_annotated, fits, listed
from convlens.arrays import as_array
from convlens.errors import ShapeError, UsageError, shown

__all__ = ["Answer", "answers_from", "tempered"]

_Temperature: TypeAlias = Annotated[float, Within(1e-3, 1e3)]


@dataclass(frozen=True, eq=False)
class Answer:
    """What a network answers to one picture.

    Attributes:
        number: of the class that it names.
        probabilities: of all classes, (classes,), float64; their sum is 1.
        class_names: of all classes; None where nobody has said them.
    """

    number: int
    probabilities: Array
    class_names: tuple[str, ...] | None = None

    @property
    def probability(self) -> float:
        """Of the class that it names."""
        return float(self.probabilities[self.number])

    @property
    def name(self) -> str:
        """Of the class; its number where the classes have no names."""
        return self.name_of(self.number)

    def name_of(self, number: int) -> str:
        """Return what a class is called."""
        return str(number) if self.class_names is None else self.class_names[number]

    @as_annotated
    def best(self, most: Count = 3) -> tuple[int, ...]:
        """Return the numbers of the most probable classes, at most so many, the first one first."""
        ordered: IntArray = np.argsort(-self.probabilities, kind="stable")
        return tuple(ordered[:most].tolist())


def tempered(scores: Array, temperature: float) -> Array:
    """Return softmax(scores / temperature) of rows (N, classes), in float64.

    Above 1 a temperature makes a network less sure, below 1 surer; which class is the most probable stays.

    Reference: Guo et al., "On calibration of modern neural networks", 2017, section 4.2.
    """
    given = np.asarray(scores, np.float64)
    scaled = (given - given.max(axis=1, keepdims=True)) / temperature  # the maximum first: nothing overflows
    powers = np.exp(scaled)
    probable: Array = powers / powers.sum(axis=1, keepdims=True)
    return probable


def answers_from(
    scores: Array, class_names: Sequence[str] | None = None, temperature: float = 1.0
) -> list[Answer]:
    """Return the answers that scores (N, classes) make.

    Raises:
        ShapeError: the scores are no rows.
        UsageError: there are not as many names as classes, or the temperature is not above 0.
    """
    scores = as_array("`scores`", scores)
    if scores.ndim != 2 or not scores.shape[1]:
        raise ShapeError(f"`scores` must be (N, classes). Got {scores.shape}.")
    if not fits(temperature, _Temperature):
        raise UsageError(f"`temperature` of classify must be from 0.001 to 1,000. Got {shown(temperature)}.")
    names = None if class_names is None else _names(class_names, scores.shape[1])
    if not len(scores):
        return []
    probable = tempered(scores, float(temperature))
    return [Answer(int(row.argmax()), row, names) for row in probable]


def _names(given: Sequence[str], classes: int) -> tuple[str, ...]:
    names = listed(given)
    if names is None or len(names) != classes or not all(isinstance(name, str) for name in names):
        raise UsageError(f"`class_names` of classify must be {classes} texts. Got {shown(given)}.")
    return tuple(names)
