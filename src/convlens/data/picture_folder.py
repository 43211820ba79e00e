"""A folder of pictures, one folder a class, becomes a data set. Must not know the command line.

How its files are found says `convlens.data.picture_files`. Each is decoded once; the size of all is chosen
from their headers before.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convlens._typing import IntArray
from convlens.data.arrangement import held_out_for_tests, shared_out
from convlens.data.dataset import Dataset, DatasetPair
from convlens.data.picture_files import Listing, PictureFile, listed
from convlens.data.pixels import in_channels, measured, read_pixels
from convlens.data.remarks import Remark
from convlens.data.sizes import Size, reserved, usual_size
from convlens.errors import DataError, one_line
from convlens.files import real_name
from convlens.interrupts import heed

__all__ = ["SEED", "Ticks", "load_picture_folder"]

SEED = 0
"""Of the order of the pictures and of the test part: a property of the data set, not of a run."""

Ticks = Callable[[int, int], None]
"""Hears how many files of how many are done."""


@dataclass(frozen=True)
class _Decoded:
    """The pictures of some files, those that could be read; `images` (N, C, H, W)."""

    files: tuple[PictureFile, ...]
    images: NDArray[np.uint8]
    sha256: tuple[bytes, ...]

    def at(self, places: IntArray) -> "_Decoded":
        """Return those of these numbers."""
        files, sha256 = ([several[k] for k in places] for several in (self.files, self.sha256))
        return _Decoded(tuple(files), self.images[places], tuple(sha256))

    @property
    def labels(self) -> IntArray:
        return np.array([file.label for file in self.files], np.uint8)

    def part(self, owner: str, kind: str, class_names: tuple[str, ...]) -> Dataset:
        """Return them as a part of a data set, shared out, with one SHA-256 of all names and contents."""
        digest = hashlib.sha256()
        for file, sha256 in sorted(zip(self.files, self.sha256, strict=True), key=lambda one: one[0].name):
            name = file.name.encode("utf-8", "surrogateescape")
            digest.update(len(name).to_bytes(4, "big") + name + sha256)
        arranged = self.at(shared_out(self.labels, SEED))
        told = {f"{kind} pictures": digest.hexdigest()}
        return Dataset(owner, arranged.images, arranged.labels, class_names, told)


def load_picture_folder(
    folder: Path, size: Size | None = None, ticks: Ticks | None = None, *, skips_damaged: bool = False
) -> tuple[DatasetPair, list[Remark]]:
    """Read a folder of pictures.

    Args:
        folder: as `convlens.data.picture_files` has it.
        size: of all pictures; None for that of most of them.
        ticks: hears how far the reading is.
        skips_damaged: pictures that cannot be read are left out and remarked on, not refused.

    Returns:
        the data set, grey if all its pictures are grey, and what is to be said of it.

    Raises:
        DataError: it is no such folder, or pictures in it are damaged: the first of them are named.
    """
    found = listed(folder)
    files = (*found.train, *(found.test or ()))
    sizes, damaged = _measured(files)
    if not sizes:
        raise _all_damaged(folder, damaged)
    chosen = usual_size(sizes) if size is None else size
    decoded = _decoded(folder, [file for file in files if file not in damaged], chosen, ticks, damaged)
    if damaged and not skips_damaged:
        raise _all_damaged(folder, damaged, len(files))
    remarks = [*_on_files(found, damaged), *_on_sizes(sizes, chosen, is_said=size is not None)]
    pair, test_remarks = _pair(folder, found, decoded)
    return pair, [*remarks, *test_remarks]


def _measured(files: Sequence[PictureFile]) -> tuple[Counter[Size], dict[PictureFile, str]]:
    """Return how many pictures have which size, and the files that have none, with the reason."""
    sizes, damaged = Counter[Size](), dict[PictureFile, str]()
    for file in files:
        heed()
        try:
            sizes[measured(file.path)] += 1
        except DataError as error:
            damaged[file] = str(error)
    return sizes, damaged


def _decoded(
    folder: Path,
    files: Sequence[PictureFile],
    size: Size,
    ticks: Ticks | None,
    damaged: dict[PictureFile, str],
) -> _Decoded:
    """Decode pictures: in colours from the first one on that has any. What is damaged is put down."""
    images = reserved(folder, len(files), 1, size)
    kept: list[PictureFile] = []
    sha256: list[bytes] = []
    for k, file in enumerate(files):
        heed()
        if ticks is not None:
            ticks(k, len(files))
        try:
            image, digest = read_pixels(file.path, size)
        except DataError as error:
            damaged[file] = str(error)
            continue
        if len(image) > images.shape[1]:
            grey, images = images, reserved(folder, len(files), 3, size)
            images[: len(kept)] = grey[: len(kept)]
        images[len(kept)] = in_channels(image, images.shape[1])
        kept.append(file)
        sha256.append(digest)
    return _Decoded(tuple(kept), images[: len(kept)], tuple(sha256))


def _all_damaged(folder: Path, damaged: dict[PictureFile, str], n: int | None = None) -> DataError:
    """Return the error of pictures that cannot be read: how many, and the first of them with its reason."""
    many = f"{len(damaged):,}" if n is None or len(damaged) < n else "all"
    of_all = "" if n is None else f" of {n:,}"
    first = next(iter(damaged.values())).rstrip(".")
    others = [file.name for file in damaged][1:3]
    more = (
        f" Others: {', '.join(map(one_line, others))}{', …' if len(damaged) > 3 else ''}." if others else ""
    )
    one = "picture" if len(damaged) == 1 and n is None else "pictures"
    return DataError(
        f"{folder} has {many}{of_all} {one} that cannot be read: {first}.{more} Copy them again or "
        "remove them; `convlens data info` lists them all."
    )


def _on_files(found: Listing, damaged: dict[PictureFile, str]) -> list[Remark]:
    remarks = []
    if damaged:
        remarks.append(Remark("damaged", {"n": len(damaged), "names": [file.name for file in damaged]}))
    if found.others:
        remarks.append(Remark("others", {"n": len(found.others), "names": found.others}))
    if found.unused:
        remarks.append(Remark("unused", {"names": found.unused}))
    return remarks


def _on_sizes(sizes: Counter[Size], chosen: Size, *, is_said: bool) -> list[Remark]:
    """Say which pictures are scaled."""
    n = sum(number for size, number in sizes.items() if size != chosen)
    if not n or (is_said and len(sizes) == 1):
        return []
    if len(sizes) == 1:
        return [Remark("large", {"own": next(iter(sizes)).product, "size": chosen.product})]
    counts = {"n": n, "all": sum(sizes.values()), "sizes": len(sizes)}
    return [Remark("mixed_sizes", {**counts, "size": chosen.product})]


def _pair(folder: Path, found: Listing, decoded: _Decoded) -> tuple[DatasetPair, list[Remark]]:
    """Return both parts, and what is said of a test part that was taken out."""
    name, names = real_name(folder), found.class_names
    remarks: list[Remark] = []
    if found.test is None:
        train, test = held_out_for_tests(decoded.labels, SEED)
        remarks.append(Remark("held_out", {"n": len(test), "all": len(decoded.labels)}))
    else:
        tested = set(found.test)
        is_tested = np.array([file in tested for file in decoded.files])
        train, test = np.flatnonzero(~is_tested), np.flatnonzero(is_tested)
    if not len(train) or not len(test):
        part = "train" if not len(train) else "test"
        raise DataError(f"{folder} has no picture to {part} on. Add some, two of a class at least.")
    parts = (decoded.at(train).part(name, "train", names), decoded.at(test).part(name, "test", names))
    return DatasetPair(*parts), remarks
