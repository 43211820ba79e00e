"""A folder of four IDX files with MNIST's names: MNIST itself, Fashion-MNIST, KMNIST, or one's own.

Must not know which of them it is.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from convlens._typing import IntArray
from convlens.arguments import as_annotated
from convlens.data.axes import channels_first
from convlens.data.dataset import Dataset, DatasetPair, require_class_names
from convlens.data.idx import read_idx_with_sha256
from convlens.data.opened import AnyPath
from convlens.errors import DataError, shown
from convlens.files import real_name

__all__ = ["FILE_NAMES", "count_training_images", "load_idx_folder"]

FILE_NAMES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
"""The plain names of the image file and the label file of each part."""

SUFFIXES = ("", ".gz", ".xz")
"""The endings under which a file is looked for, in this order; what it is, its content says."""


@as_annotated
def load_idx_folder(
    folder: AnyPath, class_names: Sequence[str] | None = None, name: str | None = None
) -> DatasetPair:
    """Read a folder that holds MNIST's four files, each raw, gzip or xz.

    Args:
        folder: holds `train-images-idx3-ubyte` and the others, or the same names with `.gz` or `.xz`
            (a dot instead of the dash before `idx` is accepted too). Of several, the raw one is read.
        class_names: what each label stands for; `"0"` to `"9"` by default, and on to the largest label
            where that is beyond 9.
        name: of the data set; the folder's name by default.

    Returns:
        the training part and the test part. Any content is welcome: its SHA-256 is recorded, not judged.

    Raises:
        DataError: a file is missing or damaged, or images and labels do not fit each other.
    """
    folder = Path(folder)
    files = {plain: _read(folder, plain) for names in FILE_NAMES.values() for plain in names}
    if class_names is None:
        class_names = _numbers(files[labels][0] for _, labels in FILE_NAMES.values())
    require_class_names(str(folder), class_names)
    name = real_name(folder) if name is None else name
    parts = {part: _part(part, files, name, tuple(class_names)) for part in FILE_NAMES}
    pair = DatasetPair(**parts)
    if pair.train.images.shape[1:] != pair.test.images.shape[1:]:
        raise DataError(
            f"{folder} has training images of shape {pair.train.images.shape[1:]} but test images of shape "
            f"{pair.test.images.shape[1:]}. Take all four files from the same source."
        )
    _require_classes(folder, pair.train.labels)
    return pair


@as_annotated
def count_training_images(folder: AnyPath) -> int:
    """Return how many training images a folder has, by its labels alone.

    Raises:
        DataError: they are missing or damaged.
    """
    return len(_read(Path(folder), FILE_NAMES["train"][1])[0])


def _read(folder: Path, plain: str) -> tuple[NDArray[Any], str]:
    """Return a file's array and the SHA-256 of its content."""
    array, digest = read_idx_with_sha256(_find(folder, plain))
    n_axes, more = (1, "") if "labels" in plain else (3, "; pictures in colours have a fourth axis")
    if (array.ndim != n_axes and not (more and array.ndim == 4)) or array.dtype != "uint8":
        raise DataError(
            f"{plain} in {folder} must hold uint8 numbers with {n_axes} axes. "
            f"Got {array.dtype} numbers with {array.ndim}. Check which file it is{more}."
        )
    return array, digest


def _find(folder: Path, plain: str) -> Path:
    """Return the path of the first file that has one of the accepted names."""
    try:
        is_folder = folder.is_dir()
    except (OSError, ValueError):  # a name that is too long, or none
        is_folder = False
    if not is_folder:
        raise DataError(f"{folder} is not a folder. {_what_to_give(folder)}")
    for stem in (plain, plain.replace("-idx", ".idx")):
        for suffix in SUFFIXES:
            if (path := folder / f"{stem}{suffix}").exists():
                return path
    raise DataError(f"{folder} has no {plain}, nor one ending in .gz or .xz. {_where_it_is(folder, plain)}")


def _what_to_give(folder: Path) -> str:
    """Say what to give instead of what is no folder."""
    with suppress(OSError, ValueError):
        if folder.is_file() and folder.name.startswith(("train-", "t10k-")):
            return f"Give the folder of the file, {folder.parent}."
        if not folder.exists():
            return (
                f"There is none of this name in {folder.absolute().parent}: give one with MNIST's four files."
            )
    return "Give a folder with MNIST's four files."


def _where_it_is(folder: Path, plain: str) -> str:
    """Say where a file of a data set is instead: in a folder within, or beside."""
    with suppress(OSError):
        near = [*sorted(entry for entry in folder.iterdir() if entry.is_dir()), folder.absolute().parent]
        for other in near[:_LOOKED_AT]:
            if any((other / f"{plain}{suffix}").is_file() for suffix in SUFFIXES):
                return f"It is in {other}: give that folder."
        names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
        there = ", ".join(shown(name).strip("'") for name in names[:3]) or "nothing"
        more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
        return f"In it: {there}{more}. Put the file there."
    return "Put the file there."


_LOOKED_AT = 200  # folders


def _numbers(labels: Iterable[NDArray[Any]]) -> tuple[str, ...]:
    """Return class names that are the labels themselves, ten at least."""
    largest = max(int(array.max(initial=0)) for array in labels)
    return tuple(str(label) for label in range(max(10, largest + 1)))


def _require_classes(folder: Path, labels: IntArray) -> None:
    """Refuse training labels that are all the same: there is nothing to tell apart."""
    if (labels == labels[0]).all():
        raise DataError(
            f"{folder} has training images of one class only, {labels[0]}: a network learns to tell classes "
            "apart. Add images of another class."
        )


def _part(
    part: str, files: dict[str, tuple[NDArray[Any], str]], name: str, class_names: tuple[str, ...]
) -> Dataset:
    """Return one part, its images with the channel axis that MNIST leaves out, where they have none."""
    images, labels = (files[plain][0] for plain in FILE_NAMES[part])
    hashes = {plain: files[plain][1] for plain in FILE_NAMES[part]}
    return Dataset(name, channels_first(name, images), labels, class_names, hashes)
