"""The pictures of one run, split once. Must not know networks."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convlens._typing import Array, IntArray
from convlens.data import Dataset, Split, bundled_mnist, load_idx_folder, split_for

__all__ = ["Part", "RunData", "open_data"]


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


def open_data(source: str, train_size: int) -> RunData:
    """Open "mnist" (bundled) or a folder of IDX files, and split it.

    Raises:
        DataError: a file is missing or damaged.
        UsageError: the data set has no such training size.
    """
    train, test = bundled_mnist() if source == "mnist" else load_idx_folder(Path(source))
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
