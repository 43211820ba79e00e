"""Which files of a folder are the pictures of which class: listed, not opened. Must not know pixels.

    FOLDER/cat/1.png …          a folder for each class; a test part is taken out of them
    FOLDER/train/cat/1.png …    or such folders twice, the second time for the test part
    FOLDER/test/cat/7.png …

Names are compared as Unicode composes them (NFC) and sorted, so that the same files give the same list on any
file system; classes are in natural order, 2 before 10.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from unicodedata import normalize

from convlens.data.dataset import require_class_names
from convlens.data.labels import MOST_OWN_CLASSES, natural
from convlens.data.pixels import looks_like_a_picture
from convlens.errors import DataError, shown
from convlens.interrupts import heed

__all__ = ["PARTS", "Listing", "PictureFile", "is_sorted_by_class", "listed", "part_folders"]

PARTS: Mapping[str, tuple[str, ...]] = {
    "train": ("train", "training"),
    "test": ("test", "testing"),
    "validation": ("val", "valid", "validation", "dev"),
}
"""What the folders of a part may be called, in small or capital letters."""

_NO_PICTURES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})

_SUFFIXES = frozenset(
    {
        *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".webp", ".gif"),
        *(".tif", ".tiff", ".heic", ".heif", ".avif", ".jp2"),
    }
)
"""The endings under which a picture is expected, and is missed where there is none."""


_LOOKED_AT = 200  # files of a folder, until it is thought to hold no pictures
_MOST_OTHERS = 1000
_SHORTEST = 20  # bytes: less is no picture, nor is what a system makes up when it is read


@dataclass(frozen=True)
class PictureFile:
    """A picture of a class: where it lies, and its name below the folder of its part."""

    path: Path
    name: str
    label: int


@dataclass(frozen=True)
class Listing:
    """What is in a folder.

    Attributes:
        class_names: in natural order.
        train, test: the files of each part; `test` is None where it is to be taken out of `train`.
        others: names of files that are no pictures and are not called so.
        unused: folders beside train/ and test/, such as val/.
    """

    class_names: tuple[str, ...]
    train: tuple[PictureFile, ...]
    test: tuple[PictureFile, ...] | None
    others: tuple[str, ...]
    unused: tuple[str, ...] = ()


def part_folders(folder: Path) -> dict[str, Path]:
    """Return the folders of the parts that there are, by part."""
    found: dict[str, Path] = {}
    for entry in _entries(folder):
        for part, names in PARTS.items():
            if entry.name.casefold() in names and _is_folder(entry):
                found.setdefault(part, folder / entry.name)
    return found


def is_sorted_by_class(folder: Path, least: int = 1) -> bool:
    """Say whether a folder holds so many folders that hold pictures, as far as a look at some files tells."""
    found = (name for name in _class_folders(folder) if _has_some(folder / name, folder))
    return len(list(islice(found, least))) == least


def _has_some(folder: Path, top: Path) -> bool:
    return any(map(_is_expected, islice(_files(folder, (_identity(top),)), _LOOKED_AT)))


def listed(folder: Path) -> Listing:
    """List the pictures of a folder.

    Raises:
        DataError: it holds no classes, one only, more than 100, a class without pictures, or classes in test/
            that are not in train/.
    """
    parts, others = part_folders(folder), list[str]()
    if "train" not in parts or "test" not in parts:
        _require_no_part(folder, parts)
        names = _class_names(folder)
        return Listing(names, _part(folder, names, names, others), None, tuple(others))
    names = _class_names(parts["train"])
    tested = _class_names(parts["test"], least=1)
    if unknown := [name for name in tested if name not in names]:
        raise DataError(
            f"{parts['test']} has a class {shown(unknown[0])} that {parts['train']} has not: "
            "a network cannot learn it. Call both folders alike."
        )
    train = _part(parts["train"], names, names, others)
    test = _part(parts["test"], tested, names, others)
    unused = tuple(sorted(path.name for part, path in parts.items() if part == "validation"))
    return Listing(names, train, test, tuple(others), unused)


def _require_no_part(folder: Path, parts: dict[str, Path]) -> None:
    """Refuse one part without the other: it would be read as a class."""
    here = next((parts[part] for part in ("train", "test") if part in parts), None)
    if here is None or not is_sorted_by_class(here):
        return
    missing = "test" if "train" in parts else "train"
    other = parts.get("validation")
    rename = f" Call {other.name}/ test/." if other is not None and missing == "test" else ""
    raise DataError(
        f"{folder} has {here.name}/ but no {missing}/.{rename or f' Add it, or give {here} alone.'}"
    )


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    """Return what is in a folder, without what systems hide in it."""
    try:
        with os.scandir(folder) as found:
            entries = [entry for entry in found if not entry.name.startswith(".")]
    except OSError as error:
        raise DataError(
            f"{folder} cannot be read: {error.strerror or error}. Give yourself read access."
        ) from error
    return [entry for entry in entries if entry.name.casefold() not in _NO_PICTURES]


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _class_folders(folder: Path) -> dict[str, str]:
    """Return the names of the folders in a folder, each with the class name that it stands for."""
    found: dict[str, str] = {}
    for entry in sorted(_entries(folder), key=lambda entry: entry.name):
        if _is_folder(entry):
            name = normalize("NFC", entry.name)
            if name in found.values():
                twice = f"two folders called {shown(name)}, in two ways to write it"
                raise DataError(f"{folder} has {twice}. Call one otherwise.")
            found[entry.name] = name
    return found


def _class_names(folder: Path, least: int = 2) -> tuple[str, ...]:
    """Return a folder's classes in natural order."""
    names = sorted(_class_folders(folder).values(), key=natural)
    if len(names) < least:
        raise DataError(f"{folder} {_too_few(folder, names)}")
    if len(names) > MOST_OWN_CLASSES:
        raise DataError(
            f"{folder} has {len(names):,} folders: a data set has at most {MOST_OWN_CLASSES} classes. "
            "Give a folder with fewer."
        )
    try:
        require_class_names(str(folder), names)
    except DataError as error:
        raise DataError(f"{error} Give the folder another name.") from error
    return tuple(names)


def _too_few(folder: Path, names: list[str]) -> str:
    """Say what a folder with no class, or one, lacks."""
    if names:
        inner = folder / names[0]
        if len(_class_folders(inner)) > 1 and is_sorted_by_class(inner):
            return f"has one folder only: give {inner}."
        return (
            f"has pictures of one class only, {shown(names[0])}: a network learns to tell classes apart. "
            "Add a folder of another."
        )
    files = [entry.name for entry in _entries(folder) if not _is_folder(entry)]
    if not files:
        return "is empty. Put a folder of pictures for each class into it."
    first = Path(min(files))
    where = f"{folder / 'CLASS' / first.name}"
    return f"has {len(files):,} files but no folders: put the pictures of each class into a folder, {where}."


def _part(
    folder: Path, own: tuple[str, ...], names: tuple[str, ...], others: list[str]
) -> tuple[PictureFile, ...]:
    """Return the pictures in the folders of some classes, by class and then by name."""
    found: list[PictureFile] = []
    folders = {name: folder / entry for entry, name in _class_folders(folder).items()}
    for name in own:
        here = list[PictureFile]()
        for path in _pictures(folders[name], folder, others):
            below = normalize("NFC", path.relative_to(folder).as_posix())
            here.append(PictureFile(path, below, names.index(name)))
        if not here:
            raise DataError(f"{folders[name]} holds no pictures. Put some into it, or remove the folder.")
        found += sorted(here, key=lambda file: file.name)
    return tuple(found)


def _pictures(folder: Path, top: Path, others: list[str]) -> Iterator[Path]:
    """Yield the pictures of a class, in folders within, too; what is none is put down among `others`."""
    n = 0
    for path in _files(folder, (_identity(top),)):
        if _is_expected(path):
            n += 1
            yield path
        else:
            others.append(path.relative_to(top).as_posix())
            if len(others) > max(_MOST_OTHERS, 10 * n):
                few = "files that are no pictures, and few that are"
                raise DataError(f"{top} holds {len(others):,} {few}. Give the folder of the pictures.")


def _is_expected(path: Path) -> bool:
    """Say whether a file is a picture, or ought to be one by its name."""
    if path.suffix.casefold() in _SUFFIXES:
        return True
    try:
        return path.stat().st_size > _SHORTEST and looks_like_a_picture(path)
    except (OSError, DataError):
        return False


def _identity(folder: Path) -> tuple[int, int]:
    try:
        found = folder.stat()
    except OSError as error:
        raise DataError(
            f"{folder} cannot be read: {error.strerror or error}. Check the disk and path."
        ) from error
    return found.st_dev, found.st_ino


def _files(folder: Path, above: tuple[tuple[int, int], ...]) -> Iterator[Path]:
    """Yield the files in a folder and in those within; a link that leads back up leads nowhere."""
    here = _identity(folder)
    if here in above:
        return
    for entry in _entries(folder):
        heed()
        path = folder / entry.name
        if _is_folder(entry):
            yield from _files(path, (*above, here))
        else:
            yield path
