"""What a data set is once it is in memory. Must not know where it came from."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlens._typing import IntArray
from convlens.errors import DataError

__all__ = ["Dataset", "DatasetPair"]


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
        _require_images(self.name, self.images)
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


def _require_images(name: str, images: NDArray[Any]) -> None:
    if images.dtype != np.uint8 or images.ndim != 4 or images.size == 0:
        raise DataError(
            f"the images of {name} must be uint8 numbers of shape (N, C, H, W), none of them 0. "
            f"Got {images.dtype} numbers of shape {images.shape}."
        )


def _require_labels(name: str, labels: NDArray[Any], n_classes: int) -> None:
    if not np.issubdtype(labels.dtype, np.integer) or labels.ndim != 1:
        raise DataError(
            f"the labels of {name} must be integers of shape (N,). "
            f"Got {labels.dtype} numbers of shape {labels.shape}."
        )
    outside = labels[(labels < 0) | (labels >= n_classes)]
    if outside.size:
        raise DataError(
            f"the labels of {name} must be 0 to {n_classes - 1}, one for each class name. Got {outside[0]}."
        )
