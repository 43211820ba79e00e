"""Labelled pictures in a NumPy archive (.npz). Must not know networks.

An archive is a stranger's: no pickle is loaded, and memory grows only with what its size can hold.

    x_train, y_train, x_test, y_test    train_images, train_labels, … as many archives call them
    x, y                                images, labels: a test part is taken out of them
    class_names                         what each label stands for
"""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from convlens.data.arrangement import held_out_for_tests, is_sorted, shared_out
from convlens.data.dataset import Dataset, DatasetPair
from convlens.data.idx import FREE_BYTES, MAX_BYTES, MAX_GROWTH
from convlens.data.opened import opened
from convlens.data.own_arrays import as_bytes, as_labels
from convlens.data.remarks import Remark
from convlens.errors import DataError, shown
from convlens.files import real_name
from convlens.mistaken import mistaken_for

__all__ = ["NAMES", "load_npz", "read_npz"]

NAMES: Mapping[str, tuple[str, ...]] = {
    "train images": ("x_train", "train_x", "train_images", "images_train"),
    "train labels": ("y_train", "train_y", "t_train", "train_labels", "labels_train"),
    "test images": ("x_test", "test_x", "test_images", "images_test"),
    "test labels": ("y_test", "test_y", "t_test", "test_labels", "labels_test"),
    "images": ("x", "images", "data"),
    "labels": ("y", "t", "labels", "targets", "target"),
    "class names": ("class_names", "classes", "label_names", "names", "target_names"),
}
"""What each array may be called, in small or capital letters."""

_ENDING = ".npy"

_DAMAGE = (
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What zipfile and NumPy raise on a damaged archive."""


def read_npz(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of an archive by what they are, as `NAMES` has it; others are not read.

    Raises:
        DataError: it is missing, no archive, damaged, holds Python objects or more than fits, or has no
            pictures with labels.
    """
    with opened(path) as file, _explained(path, file), zipfile.ZipFile(file) as archive:
        members = {_plain(info.filename): info for info in archive.infolist()}
        found = {}
        for what, names in NAMES.items():
            name = next((name for name in names if name in members), None)
            if name is not None:
                found[what] = _array(path, archive, members[name])
    _require_pictures(path, found, [info.filename for info in members.values()])
    return found


def load_npz(path: Path, seed: int = 0) -> tuple[DatasetPair, list[Remark]]:
    """Read an archive as a data set, and return with it what is to be said of it.

    Pictures keep their order, unless they lie sorted by class: then that is at random.

    Args:
        path: of the archive.
        seed: of the order, and of a test part that is taken out.

    Raises:
        DataError: as for `read_npz`, or its arrays are no labelled pictures.
    """
    arrays, owner = read_npz(path), real_name(path)
    kinds = ("train", "test") if "train images" in arrays else ("",)
    images = [as_bytes(owner, arrays[f"{kind} images".strip()]) for kind in kinds]
    labels, names = as_labels(
        owner, [arrays[f"{kind} labels".strip()] for kind in kinds], arrays.get("class names")
    )
    remarks: list[Remark] = []
    with opened(path) as file:
        digest = hashlib.sha256()
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    sha256 = {"archive": digest.hexdigest()}
    parts = [Dataset(owner, *part, names, sha256) for part in zip(images, labels, strict=True)]
    if len(parts) == 1:
        chosen = held_out_for_tests(labels[0], seed)
        remarks.append(Remark("held_out", {"n": len(chosen[1]), "all": len(labels[0])}))
        parts = [Dataset(owner, images[0][places], labels[0][places], names, sha256) for places in chosen]
    if parts[0].images.shape[1:] != parts[1].images.shape[1:]:
        shapes = " but ".join(str(part.images.shape[1:]) for part in parts)
        raise DataError(f"{owner} has training and test images of different shapes: {shapes}.")
    return DatasetPair(*(_arranged(part, seed) for part in parts)), remarks


def _arranged(part: Dataset, seed: int) -> Dataset:
    """Return a part that is not sorted by class."""
    if not is_sorted(part.labels):
        return part
    order = shared_out(part.labels, seed)
    return Dataset(part.name, part.images[order], part.labels[order], part.class_names, part.sha256)


def _plain(name: str) -> str:
    return name.removesuffix(_ENDING).casefold()


@contextmanager
def _explained(path: Path, file: BinaryIO) -> Iterator[None]:
    """Make one line of every way in which an archive cannot be read."""
    try:
        yield
    except DataError:
        raise
    except MemoryError as error:
        raise DataError(f"{path} does not fit in memory. Close other programs or use a part.") from error
    except _DAMAGE as error:
        file.seek(0)
        start = file.read(1000)
        kind = None if start.startswith(b"PK") else mistaken_for(start)
        instead = " is damaged. Copy or download it again." if kind is None else f" is no .npz; it is {kind}."
        raise DataError(f"{path}{instead}") from error


def _array(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[Any]:
    """Read one array, after its header has been believed."""
    with archive.open(info) as file:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read(file)
    if dtype.hasobject:
        raise DataError(
            f"{info.filename} in {path} holds Python objects, which could run a program: they are not read. "
            "Save it as numbers or texts."
        )
    n_bytes = float(np.prod([float(side) for side in shape])) * dtype.itemsize
    likely = max(FREE_BYTES, MAX_GROWTH * info.compress_size)
    if n_bytes > MAX_BYTES or n_bytes > likely or info.file_size > MAX_BYTES or n_bytes > info.file_size:
        raise DataError(
            f"{info.filename} in {path} announces {n_bytes:,.0f} bytes, more than it can hold. "
            "Copy or download it again."
        )
    with archive.open(info) as file:
        return np.asarray(npy.read_array(file, allow_pickle=False))


def _require_pictures(path: Path, found: Mapping[str, Any], there: list[str]) -> None:
    """Refuse an archive without pictures and labels, and name what is in it."""
    parts = [name for name in ("train images", "train labels", "test images", "test labels") if name in found]
    if len(parts) == 4 or (not parts and "images" in found and "labels" in found):
        return
    names = ", ".join(shown(name.removesuffix(_ENDING))[1:-1] for name in there[:6]) or "nothing"
    raise DataError(
        f"{path} must hold x_train, y_train, x_test and y_test, or x and y. "
        f"It holds {names}{', …' if len(there) > 6 else ''}."
    )
