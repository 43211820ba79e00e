"""Where data come from: the one place that tells sources apart. Must not know networks.

    a name              "mnist", which is bundled, or one of `convlens.data.named_sets`
    a folder            of four IDX files with MNIST's names, or of pictures, a folder for each class
    an archive          of NumPy's (.npz)

What was read last stays in memory: a command opens its data several times, and decodes the pictures once.
"""

import os
import threading
import time
from dataclasses import dataclass, replace
from os import fspath
from pathlib import Path

from convlens.arguments import AnyPath, as_annotated
from convlens.data.dataset import Dataset, DatasetPair
from convlens.data.folder import FILE_NAMES, SUFFIXES, count_training_images, load_idx_folder
from convlens.data.mnist import bundled_mnist
from convlens.data.named_sets import NAMED_SETS, located
from convlens.data.npz import load_npz
from convlens.data.picture_files import is_sorted_by_class, part_folders
from convlens.data.picture_folder import Ticks, load_picture_folder
from convlens.data.pixels import looks_like_a_picture
from convlens.data.remarks import Remark
from convlens.data.sizes import Size, resized, size_from
from convlens.errors import DataError, UsageError, did_you_mean, shown
from convlens.files import real_name

__all__ = [
    "BUNDLED",
    "Opened",
    "count_training_pictures",
    "is_named",
    "kind_of_pictures",
    "name_of",
    "open_source",
    "place_of",
    "read_source",
    "set_names",
]

BUNDLED = "mnist"
"""The set in the package."""

_ARCHIVE = ".npz"

_FRESH = 0.05  # seconds within which a file may change again without another time of change


@dataclass(frozen=True, eq=False)
class Opened:
    """A data set, and what its reader has to say of it."""

    pair: DatasetPair
    remarks: tuple[Remark, ...] = ()


def is_named(source: str) -> bool:
    """Say whether a source is a data set's name rather than a place."""
    return source in set_names()


def set_names() -> tuple[str, ...]:
    """Return the names of the data sets that have one."""
    return (BUNDLED, *NAMED_SETS)


def place_of(source: str) -> str:
    """Return where data are opened from, whichever folder one is in: a set's name, or an absolute path."""
    return source if is_named(source) else str(Path(source).absolute())


def name_of(source: str) -> str:
    """Return a source's name, which depends neither on where it lies nor on whether it is there."""
    if is_named(source):
        return source
    name = real_name(source)
    return f"{'archive' if name.lower().endswith(_ARCHIVE) else 'folder'} {name}"


@as_annotated
def open_source(source: AnyPath, size: int | str | None = None) -> DatasetPair:
    """Open a data set, wherever it comes from.

    Args:
        source: a named set such as "mnist"; a folder of four IDX files, or of pictures with a folder for each
            class, or with train/ and test/ above those; an .npz archive.
        size: the size of all pictures, 32 or "32x24" (height before width); None or "own" for theirs.

    Returns:
        the training part and the test part. Of what has no test part, a sixth of each class is taken out;
        what lies sorted by class comes in an order at random, the same every time.

    Raises:
        DataError: a file is missing or damaged, or it is no data set.
        UsageError: a name is misspelt, or `size` is none.
    """
    return read_source(source, size).pair


def read_source(
    source: AnyPath,
    size: int | str | None = None,
    ticks: Ticks | None = None,
    *,
    skips_damaged: bool = False,
) -> Opened:
    """Open a data set as `open_source` does, with what its reader has to say of it.

    Args:
        source: as there.
        size: as there.
        ticks: hears how many pictures of how many are read.
        skips_damaged: pictures that cannot be read are left out and remarked on, not refused.

    Raises:
        DataError, UsageError: as there.
    """
    source, wanted = fspath(source), size_from(size)
    if source == BUNDLED and wanted is None:
        return Opened(bundled_mnist())
    _require_spelt(source)
    key, began = (place_of(source), wanted, skips_damaged), time.time()
    with _LAST.lock:
        place = located(source, ticks) if source in NAMED_SETS else Path(source)
        deep = source not in NAMED_SETS and not _has_idx(place)
        if _LAST.opened is not None and _LAST.key == key and _LAST.stamps == _stamps(place, deep=deep):
            return _LAST.opened
        _LAST.opened = None  # its memory is free before the next is read
        opened = _by_name(source, place, wanted) or _read(place, wanted, ticks, skips_damaged)
        stamps = _stamps(place, deep=deep)
        if max((stamp[3] for stamp in stamps), default=0) / 1e9 <= began - _FRESH:  # nor changed meanwhile
            _LAST.key, _LAST.stamps, _LAST.opened = key, stamps, opened
        return opened


def kind_of_pictures(source: str, size: str | None = None) -> tuple[tuple[int, ...], int]:
    """Return the shape (C, H, W) of a data set's pictures, and how many classes they are of.

    Raises:
        DataError, UsageError: as for `open_source`.
    """
    wanted = size_from(size)
    train = open_source(source, None if is_named(source) else wanted and str(wanted)).train
    shape = train.images.shape[1:]
    return shape if wanted is None else (shape[0], *wanted), len(train.class_names)


def count_training_pictures(source: str, size: str | None = None) -> int:
    """Return how many training pictures there are; of IDX files the labels alone are read.

    Raises:
        DataError: they are missing or damaged.
    """
    if not is_named(source) and _has_idx(Path(source)):
        return count_training_images(source)
    return len(open_source(source, size).train)


class _Last:
    """The data that were read last, and by what one knows that they have not changed since."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.key: object = None
        self.stamps: list[tuple[str, int, int, int]] = []
        self.opened: Opened | None = None


_LAST = _Last()


def _stamps(source: Path, *, deep: bool = True) -> list[tuple[str, int, int, int]]:
    """Return name, size and times of change of every file of a source; those in folders within if `deep`."""
    if not _exists(source):
        return []
    paths = [source]
    for folder, folders, files in os.walk(source, followlinks=False):
        folders.sort()
        paths += [Path(folder, name) for name in sorted([*files, *folders])]
        if not deep:
            break
    found = []
    for path in paths:
        try:
            told = path.stat()
        except (OSError, ValueError):
            continue
        found.append((str(path), told.st_size, told.st_mtime_ns, max(told.st_mtime_ns, told.st_ctime_ns)))
    return found


def _require_spelt(source: str) -> None:
    """Refuse a set's name that is written otherwise, unless there is such a folder."""
    if is_named(source) or _exists(Path(source)):
        return
    name = source.strip(" /\\").replace("_", "-")
    if "/" not in name and (near := did_you_mean(name, set_names())):
        known = ", ".join(set_names())
        what = f"there is no folder {shown(source)}; the data sets with a name are {known}"
        raise UsageError(f"{what}.{near}")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _by_name(source: str, place: Path, size: Size | None) -> Opened | None:
    """Read a data set that has a name; of what has none, return None."""
    if not is_named(source):
        return None
    pair = bundled_mnist() if source == BUNDLED else NAMED_SETS[source].read(place)
    return _in_size(Opened(pair), size)


def _read(source: Path, size: Size | None, ticks: Ticks | None, skips_damaged: bool) -> Opened:
    """Read a data set from its place."""
    if source.suffix.lower() == _ARCHIVE or _is_zip(source):
        pair, remarks = load_npz(source)
        return _in_size(Opened(pair, tuple(remarks)), size)
    has_idx = _has_idx(source)
    has_pictures = _has_pictures(source, least=2 if has_idx else 1)
    if has_idx and has_pictures:
        raise DataError(
            f"{source} holds both IDX files and folders of pictures: it is not clear which are meant. "
            "Move one of them."
        )
    if has_pictures:
        pair, remarks = load_picture_folder(source, size, ticks, skips_damaged=skips_damaged)
        return Opened(pair, tuple(remarks))
    _require_a_folder(source)
    try:
        return _in_size(Opened(load_idx_folder(source)), size)
    except DataError as error:
        more = "" if has_idx else " Pictures need a folder for each class in it."
        raise DataError(f"{error}{more}") from error


def _require_a_folder(source: Path) -> None:
    """Refuse what is no folder, and say what data may be; an IDX file is told its folder by its reader."""
    if not _exists(source):
        what = "there is nothing of this name. If it was moved, move it back; else"
    elif source.is_file() and source.suffix.lower() == ".npy":
        what = (
            'one array is no data set. Save images and labels as np.savez("set.npz", x=images, y=labels), or'
        )
    elif source.is_dir() or source.name.startswith(("train-", "t10k-")):
        return
    else:
        what = "nor is it an .npz archive;"
    kinds = (
        "a folder with a folder of pictures for each class, a folder of four IDX files, or an .npz archive"
    )
    raise DataError(f"{source} is not a folder: {what} give {kinds}.")


def _is_zip(source: Path) -> bool:
    try:
        if not source.is_file():  # nor is a pipe waited for
            return False
        with source.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except (OSError, ValueError):
        return False


def _has_idx(folder: Path) -> bool:
    """Say whether a folder holds any of the four IDX files."""
    stems = {name for names in FILE_NAMES.values() for name in names}
    stems |= {name.replace("-idx", ".idx") for name in stems}
    names = {f"{stem}{suffix}" for stem in stems for suffix in SUFFIXES}
    return any(entry.name in names for entry in _within(folder))


def _has_pictures(folder: Path, least: int) -> bool:
    """Say whether a folder holds so many folders of pictures, or pictures that would belong into such."""
    entries = _within(folder)
    if not entries:
        return False
    parts = part_folders(folder).values()
    if any(is_sorted_by_class(part, least) for part in parts) or is_sorted_by_class(folder, least):
        return True
    files = [entry for entry in entries if entry.is_file()] if least == 1 else []
    return any(looks_like_a_picture(file) for file in files[:_LOOKED_AT])


_LOOKED_AT = 20  # files


def _within(folder: Path) -> list[Path]:
    """Return what is in a folder; of what is none, nothing."""
    try:
        return sorted(folder.iterdir()) if folder.is_dir() else []
    except (OSError, ValueError):
        return []


def _in_size(opened: Opened, size: Size | None) -> Opened:
    """Return a data set whose pictures have a size that somebody asked for."""
    if size is None:
        return opened
    return replace(opened, pair=DatasetPair(*(_resized(part, size) for part in opened.pair)))


def _resized(part: Dataset, size: Size) -> Dataset:
    return replace(part, images=resized(part.name, part.images, size))
