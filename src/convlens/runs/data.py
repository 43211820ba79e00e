"""The pictures of one run, split once. Must not know networks."""

from dataclasses import dataclass

from convlens._typing import Array, IntArray
from convlens.arguments import AnyPath, as_annotated
from convlens.data import (
    Dataset,
    Split,
    largest_train_size,
    split_for,
)
from convlens.data.preprocessing import USUAL, Preprocessing
from convlens.data.sizes import OWN
from convlens.data.sources import BUNDLED, count_training_pictures, name_of, open_source, place_of
from convlens.errors import DataError

__all__ = [
    "COLOURS",
    "GREY",
    "Part",
    "Preprocessing",
    "RunData",
    "channels_of",
    "is_bundled",
    "most_trained_on",
    "named",
    "open_data",
    "placed",
]

GREY = ("grey",)
"""The channels of a picture without colours."""

COLOURS = ("red", "green", "blue")
"""Those of one with colours."""


@dataclass(frozen=True, eq=False)
class Part:
    """Labelled pictures of one purpose: `x` uint8 (N, C, H, W), `t` class numbers (N,)."""

    x: Array
    t: IntArray

    def __len__(self) -> int:
        return len(self.t)

    def head(self, n: int) -> "Part":
        """Return the first `n` of them."""
        return Part(self.x[:n], self.t[:n])

    def at(self, places: IntArray) -> "Part":
        """Return those of these numbers."""
        return Part(self.x[places], self.t[places])

    def scaled(self, dtype: str) -> "Part":
        """Return them as a network's input: floats from 0 to 1."""
        return Part(USUAL.apply(self.x, dtype), self.t)


@dataclass(frozen=True, eq=False)
class RunData:
    """What a run is trained on, what choices are made on, and what it is reported on.

    Attributes:
        name, class_names, channels, sha256: of the data set.
        preprocessing: how its numbers become a network's input.
        split: which training images are which.
        train, test: parts; validation: a part, or None where every training image is trained on.
    """

    name: str
    class_names: tuple[str, ...]
    sha256: dict[str, str]
    split: Split
    train: Part
    validation: Part | None
    test: Part
    channels: tuple[str, ...]
    preprocessing: Preprocessing = USUAL


def channels_of(count: int) -> tuple[str, ...]:
    """Return what the channels of a picture with so many are called."""
    return {1: GREY, 3: COLOURS}.get(count, tuple(map(str, range(1, count + 1))))


def is_bundled(source: str) -> bool:
    """Say whether the data are those in the package."""
    return source == BUNDLED


def placed(source: str) -> str:
    """Return where the data are opened from, whichever folder one is in: a name, or an absolute path."""
    return place_of(source)


def named(source: str) -> str:
    """Return the data's name, which depends neither on where they lie nor on whether they are there."""
    return name_of(source)


def most_trained_on(source: str, at_most: int, size: str = OWN) -> int:
    """Return `at_most`, or how many images can be trained on where there are fewer and some are held out.

    Of data that cannot be read nothing is known: who opens them will say so.
    """
    if is_bundled(source):
        return at_most
    try:
        n_available = count_training_pictures(source, size)
    except DataError:
        return at_most
    return largest_train_size(at_most, n_available)


@as_annotated
def open_data(source: AnyPath, train_size: int, size: int | str = OWN) -> RunData:
    """Open data as `convlens.data.open_source` does, and split them.

    Raises:
        DataError: a file is missing or damaged, or there is no such folder.
        UsageError: the data set has no such training size, a set's name is misspelt, or `size` is none.
    """
    train, test = open_source(source, size)
    split = split_for(train_size, len(train))
    held_out = None if split.validation is None else _part(train, *split.validation)
    return RunData(
        name=train.name,
        class_names=train.class_names,
        sha256={**train.sha256, **test.sha256},
        split=split,
        train=_part(train, *split.train),
        validation=held_out,
        test=_part(test, 0, len(test)),
        channels=channels_of(train.images.shape[1]),
    )


def _part(dataset: Dataset, start: int, stop: int) -> Part:
    return Part(dataset.images[start:stop], dataset.labels[start:stop])
