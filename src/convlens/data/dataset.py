"""What a data set is once it is in memory. Must not know where it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlens._typing import IntArray
from convlens.arguments import fits
from convlens.data.labels import MOST_CLASSES
from convlens.errors import DataError, shown

__all__ = ["Dataset", "DatasetPair", "require_class_names"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled pictures. The arrays are read-only, because every user of a data set sees the same ones.

    Attributes:
        name: such as `"MNIST"`; the training part and the test part have the same name.
        images: uint8, (N, C, H, W), 0 to 255, N at least 1.
        labels: integers, (N,), each the index of a class name.
        class_names: what a picture shows, by label.
        sha256: of the decompressed content of each file that was read, by the file's plain name.

    Raises:
        DataError: the arrays do not fit each other or the class names.
    """

    name: str
    images: NDArray[np.uint8]
    labels: IntArray
    class_names: tuple[str, ...]
    sha256: dict[str, str]

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise DataError(f"the name of a data set must be a text. Got {shown(self.name)}.")
        if not fits(self.sha256, dict[str, str]):
            raise DataError(f"`sha256` of {self.name} must be texts by file. Got {shown(self.sha256)}.")
        _require_images(self.name, self.images)
        require_class_names(shown(self.name)[1:-1], self.class_names)
        _require_labels(self.name, self.labels, len(self.class_names))
        if len(self.images) != len(self.labels):
            raise DataError(
                f"{self.name} has {len(self.images):,} images but {len(self.labels):,} labels. "
                "Take both files from the same source."
            )
        for field in ("images", "labels"):
            view = getattr(self, field).view()  # the caller's own array stays as it was
            view.setflags(write=False)
            object.__setattr__(self, field, view)

    def __len__(self) -> int:
        return len(self.images)


class DatasetPair(NamedTuple):
    """The two parts of a data set: `train, test = pair` works as `pair.train` does."""

    train: Dataset
    test: Dataset


LONGEST_NAME = 100
"""Letters of a class name: it heads rows and columns of tables."""

_INVISIBLE = "\u115f\u1160\u2800\u3164\uffa0"  # letters to Unicode, nothing to the eye


def require_class_names(owner: str, names: Any) -> None:  # noqa: ANN401
    """Refuse class names that no table can show: none, too long, invisible, twice the same.

    Raises:
        DataError: which rule is broken by which name.
    """
    if (
        isinstance(names, str | bytes)
        or not isinstance(names, Sequence)
        or not 0 < len(names) <= MOST_CLASSES
    ):
        rule = f"a list of texts, 1 to {MOST_CLASSES:,}"
        raise DataError(f"the class names of {owner} must be {rule}. Got {shown(names)}.")
    for name in names:
        if not isinstance(name, str) or not name.strip(_INVISIBLE + " ") or not name.isprintable():
            raise DataError(f"a class name of {owner} must be a text that can be read. Got {shown(name)}.")
        if len(name) > LONGEST_NAME:
            rule = f"of at most {LONGEST_NAME} letters"
            raise DataError(f"a class name of {owner} must be a text {rule}. Got {shown(name)}.")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(f"the class names of {owner} must differ. Got {shown(twice)} twice.")


def _found(given: object) -> str:
    if isinstance(given, np.ndarray):
        return f"{given.dtype} numbers of shape {given.shape}"
    return shown(given)


def _require_images(name: str, images: NDArray[Any]) -> None:
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.ndim != 4 or images.size == 0:
        raise DataError(
            f"the images of {name} must be uint8 numbers of shape (N, C, H, W), none of them 0. "
            f"Got {_found(images)}."
        )


def _require_labels(name: str, labels: NDArray[Any], n_classes: int) -> None:
    is_integer = isinstance(labels, np.ndarray) and np.issubdtype(labels.dtype, np.integer)
    if not is_integer or labels.ndim != 1:
        raise DataError(f"the labels of {name} must be integers of shape (N,). Got {_found(labels)}.")
    outside = labels[(labels < 0) | (labels >= n_classes)]
    if outside.size:
        raise DataError(
            f"the labels of {name} must be 0 to {n_classes - 1}, one for each class name. Got {outside[0]}."
        )
