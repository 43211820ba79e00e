"""The pictures of one run, split once. Must not know networks."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convlens._typing import Array, IntArray
from convlens.data import (
    Dataset,
    Split,
    bundled_mnist,
    count_training_images,
    largest_train_size,
    load_idx_folder,
    split_for,
)
from convlens.errors import DataError
from convlens.files import real_name

__all__ = ["Part", "RunData", "is_bundled", "most_trained_on", "named", "open_data", "placed"]

_BUNDLED = "mnist"


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

    def scaled(self, dtype: str) -> "Part":
        """Return them as floats from 0 to 1."""
        return Part(self.x.astype(dtype) / np.dtype(dtype).type(255), self.t)


@dataclass(frozen=True, eq=False)
class RunData:
    """What a run is trained on, what choices are made on, and what it is reported on.

    Attributes:
        name, class_names, sha256: of the data set.
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


def is_bundled(source: str) -> bool:
    """Say whether the data are those in the package."""
    return source == _BUNDLED


def placed(source: str) -> str:
    """Return where the data are opened from, whichever folder one is in: "mnist", or an absolute path."""
    return source if is_bundled(source) else str(Path(source).absolute())


def named(source: str) -> str:
    """Return the data's name, which depends neither on where they lie nor on whether they are there."""
    return source if is_bundled(source) else f"folder {real_name(source)}"


def most_trained_on(source: str, at_most: int) -> int:
    """Return `at_most`, or how many images can be trained on where there are fewer and some are held out.

    Of a folder that cannot be read nothing is known: who opens it will say so.
    """
    if is_bundled(source):
        return at_most
    try:
        n_available = count_training_images(Path(source))
    except DataError:
        return at_most
    return largest_train_size(at_most, n_available)


def open_data(source: str, train_size: int) -> RunData:
    """Open "mnist" (bundled) or a folder of IDX files, and split it.

    Raises:
        DataError: a file is missing or damaged, or there is no such folder.
        UsageError: the data set has no such training size.
    """
    train, test = bundled_mnist() if is_bundled(source) else load_idx_folder(Path(source))
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
    )


def _part(dataset: Dataset, start: int, stop: int) -> Part:
    return Part(dataset.images[start:stop], dataset.labels[start:stop])
