"""What is wrong, or odd, with a data set, with its numbers: said before anybody trains on it.

Must not know where it came from.
"""

import hashlib
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from convlens._typing import IntArray
from convlens.data.dataset import DatasetPair
from convlens.data.remarks import Remark

__all__ = ["class_counts", "examined", "unseen"]

_UNEVEN = 3
"""A largest class so many times as large as the smallest is remarked on."""


def class_counts(labels: IntArray, n_classes: int) -> IntArray:
    """Return how many pictures each class has: (n_classes,)."""
    return np.bincount(labels.astype(np.intp), minlength=n_classes)


def examined(pair: DatasetPair) -> list[Remark]:
    """Return what is to be said of a data set: uneven, tiny and untested classes, pictures that come twice.

    Classes that no picture shows at all are passed over: of numbers as class names there may be more than are
    used. Pictures are the same where every byte of them is.
    """
    train = pair.train
    names = train.class_names
    trained, tested = (class_counts(part.labels, len(names)) for part in pair)
    remarks = []
    there = np.flatnonzero(trained)
    large, small = there[trained[there].argmax()], there[trained[there].argmin()]
    if trained[large] >= _UNEVEN * trained[small]:
        of_each = {"most": int(trained[large]), "least": int(trained[small])}
        remarks.append(Remark("imbalance", {"large": names[large], "small": names[small], **of_each}))
    for kind, found in (("single", trained == 1), ("untested", (trained > 0) & (tested == 0))):
        if found.any():
            here = [names[k] for k in np.flatnonzero(found)]
            remarks.append(Remark(kind, {"n": len(here), "names": here}))
    return [*remarks, *_twice(pair)]


def unseen(labels: IntArray, names: tuple[str, ...], train_size: int) -> list[Remark]:
    """Say which classes are not among the first so many training pictures.

    Args:
        labels: of all training pictures.
        names: of the classes.
        train_size: how many are trained on.
    """
    missing = sorted(set(labels.tolist()) - set(labels[:train_size].tolist()))
    if not missing:
        return []
    here = [names[label] for label in missing]
    return [Remark("unseen", {"n": len(here), "size": train_size, "names": here})]


def _twice(pair: DatasetPair) -> list[Remark]:
    """Say how many test pictures are training pictures, and how many of these stand under several classes."""
    train, test = ([_digest(image) for image in part.images] for part in pair)
    classes = defaultdict[bytes, set[int]](set)
    for digest, label in zip(train, pair.train.labels.tolist(), strict=True):
        classes[digest].add(label)
    found = (
        ("duplicates", sum(digest in classes for digest in test), len(test)),
        ("contradictions", sum(len(classes[digest]) > 1 for digest in train), len(train)),
    )
    return [Remark(kind, {"n": n, "all": of_all}) for kind, n, of_all in found if n]


def _digest(image: NDArray[np.uint8]) -> bytes:
    return hashlib.blake2b(image.tobytes(), digest_size=16).digest()
