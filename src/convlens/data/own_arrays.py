"""Arrays of somebody's own as a data set: pictures of any numbers, any labels. Must not know files."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlens._typing import IntArray
from convlens.data.axes import channels_first
from convlens.data.dataset import require_class_names
from convlens.data.labels import MOST_OWN_CLASSES, natural
from convlens.errors import DataError, shown

__all__ = ["as_bytes", "as_labels"]


def as_bytes(owner: str, images: NDArray[Any]) -> NDArray[np.uint8]:
    """Return pictures as uint8 (N, C, H, W): bytes as they are, floats from 0 to 1 as 255ths.

    Raises:
        DataError: they are no pictures, or their numbers lie neither from 0 to 255 nor from 0 to 1.
    """
    if images.dtype.kind not in "buif" or images.size == 0:
        raise DataError(f"the images of {owner} must be numbers. Got {images.dtype} of shape {images.shape}.")
    images = channels_first(owner, images)
    if images.dtype == np.uint8:
        return images
    low, high = float(images.min()), float(images.max())
    if np.isnan(low):
        rule = "must be numbers from 0 to 255, or from 0 to 1"
        n = int(np.isnan(images).any(axis=(1, 2, 3)).sum())
        raise DataError(
            f"the images of {owner} {rule}. Got nan in {n:,} of {len(images):,}: leave these out."
        )
    if not 0 <= low <= high <= 255:
        rule = "must be numbers from 0 to 255, or from 0 to 1"
        raise DataError(f"the images of {owner} {rule}. Got {low:g} to {high:g}: scale them.")
    if images.dtype == bool or (images.dtype.kind == "f" and high <= 1):
        return np.rint(images.astype(np.float32) * np.float32(255)).astype(np.uint8)
    return np.rint(images).astype(np.uint8)


def as_labels(
    owner: str, several: Sequence[NDArray[Any]], names: NDArray[Any] | None
) -> tuple[list[IntArray], tuple[str, ...]]:
    """Return the labels of both parts as class numbers, and the class names.

    Args:
        owner: names them in a message.
        several: of the training part, and of the test part where there is one: whole numbers, texts, or
            one-hot rows; (N,), (N, 1) or (N, classes).
        names: what the numbers 0, 1, … stand for; None for what the labels themselves say.

    Raises:
        DataError: they are none of these, or there are fewer than 2 classes or more than 100.
    """
    flat = [_flat(owner, labels) for labels in several]
    if names is not None:
        told = _texts(owner, names)
        for labels in flat:
            if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= len(told):
                rule = f"0 to {len(told) - 1}, one for each class name"
                got = shown(labels.min()), shown(labels.max())
                raise DataError(f"the labels of {owner} must be {rule}. Got {' to '.join(got)}.")
        _require_several(owner, len(np.unique(flat[0])), len(told))
        return [_small(labels) for labels in flat], told
    there = np.unique(flat[0])
    _require_several(owner, len(there), len(there))
    for labels in flat[1:]:
        if len(unknown := np.setdiff1d(labels, there)):
            raise DataError(
                f"{owner} has a test label {shown(unknown[0].item())} that no training image has: "
                "a network cannot learn it."
            )
    names_there = [str(label) for label in there]
    if there.dtype.kind == "U":
        names_there.sort(key=natural)
    require_class_names(owner, names_there)
    number = np.array([names_there.index(str(label)) for label in there])
    return [_small(number[np.searchsorted(there, labels)]) for labels in flat], tuple(names_there)


def _flat(owner: str, labels: NDArray[Any]) -> NDArray[Any]:
    """Return labels of shape (N,): whole numbers or texts."""
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim == 2 and labels.dtype.kind in "buif":
        if not (np.isin(labels, (0, 1)).all() and (labels.sum(axis=1) == 1).all()):
            raise DataError(f"the labels of {owner} must have one 1 in each row, or be of shape (N,).")
        return labels.argmax(axis=1)
    if labels.ndim != 1 or not len(labels):
        raise DataError(f"the labels of {owner} must be of shape (N,). Got shape {labels.shape}.")
    if labels.dtype.kind == "S":
        return np.char.decode(labels, "utf-8", "replace")
    if labels.dtype.kind == "f" and np.isfinite(labels).all() and (labels == np.rint(labels)).all():
        return labels.astype(np.int64)
    if labels.dtype.kind not in "biuU":
        raise DataError(f"the labels of {owner} must be whole numbers or texts. Got {labels.dtype}.")
    return labels.astype(np.int64) if labels.dtype.kind == "b" else labels


def _texts(owner: str, names: NDArray[Any]) -> tuple[str, ...]:
    plain = np.char.decode(names, "utf-8", "replace") if names.dtype.kind == "S" else names
    told = tuple(str(name) for name in plain.ravel())
    require_class_names(owner, told)
    return told


def _require_several(owner: str, n_there: int, n_names: int) -> None:
    if n_there < 2:
        raise DataError(
            f"{owner} has training images of one class only: a network learns to tell classes apart. "
            "Add images of another class."
        )
    if n_names > MOST_OWN_CLASSES:
        raise DataError(f"{owner} has {n_names:,} classes: a data set has at most {MOST_OWN_CLASSES}.")


def _small(labels: IntArray) -> IntArray:
    return labels.astype(np.uint8)  # there are at most 100
