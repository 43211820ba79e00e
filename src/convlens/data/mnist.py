"""MNIST, 70,000 handwritten digits, which ships with convlens. Must not know who trains on it.

Reference: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document
recognition", Proceedings of the IEEE 86 (1998).
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from convlens.data.dataset import Dataset, DatasetPair
from convlens.data.folder import load_idx_folder
from convlens.data.labels import one_hot
from convlens.data.preprocessing import USUAL
from convlens.errors import DataError, UsageError, shown

__all__ = ["SHA256", "bundled_mnist", "load_mnist"]

FOLDER = Path(__file__).with_name("mnist")

SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""Of the decompressed content: copies of MNIST differ in how they were compressed, not in this."""

_Part: TypeAlias = tuple[NDArray[Any], NDArray[Any]]


def load_mnist(
    normalize: bool = True, flatten: bool = True, one_hot_label: bool = False
) -> tuple[_Part, _Part]:
    """Return `(x_train, t_train), (x_test, t_test)`: 60,000 and 10,000 digits in MNIST's own order.

    Args:
        normalize: images as float32 in [0, 1], exactly image / 255; otherwise uint8, 0 to 255.
        flatten: images of shape (N, 784); otherwise (N, 1, 28, 28).
        one_hot_label: labels as float64 of shape (N, 10), one 1 in each row; otherwise uint8 of shape (N,).

    Returns:
        new arrays, which the caller may change.

    Raises:
        UsageError: an argument is neither True nor False.
        DataError: the files that ship with convlens are damaged.
    """
    given = {"normalize": normalize, "flatten": flatten, "one_hot_label": one_hot_label}
    for name, value in given.items():
        if not isinstance(value, bool | np.bool_):
            raise UsageError(f"`{name}` of load_mnist must be True or False. Got {shown(value)}.")
    train, test = bundled_mnist()
    return (
        (_images(train, normalize, flatten), _labels(train, one_hot_label)),
        (_images(test, normalize, flatten), _labels(test, one_hot_label)),
    )


@lru_cache(maxsize=1)
def bundled_mnist() -> DatasetPair:
    """Return MNIST's training part and test part, read and checked once per process.

    Raises:
        DataError: a file is missing, damaged, or does not have the content that MNIST has.
    """
    try:
        pair = load_idx_folder(FOLDER, name="MNIST")
        _require_mnist(pair.train.sha256 | pair.test.sha256)
    except DataError as error:
        raise DataError(f"convlens's own MNIST is damaged. Reinstall convlens. ({error})") from error
    return pair


def _require_mnist(hashes: dict[str, str]) -> None:
    """Raise if a file is a sound IDX file but not the one that it is named after."""
    for plain, digest in hashes.items():
        if digest != SHA256[plain]:
            raise DataError(f"{plain} in {FOLDER} does not have the SHA-256 of MNIST's file.")


def _images(dataset: Dataset, normalize: bool, flatten: bool) -> NDArray[Any]:
    """Return the images in the form that is asked for, always as a copy."""
    images = dataset.images
    if normalize:
        scaled = USUAL.apply(images, "float32")
        return scaled.reshape(len(images), -1) if flatten else scaled
    return images.reshape(len(images), -1).copy() if flatten else images.copy()


def _labels(dataset: Dataset, one_hot_label: bool) -> NDArray[Any]:
    """Return the labels in the form that is asked for, always as a copy."""
    return one_hot(dataset.labels, len(dataset.class_names)) if one_hot_label else dataset.labels.copy()
