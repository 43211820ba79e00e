"""A user's own pictures, ready for a network: one file or a folder of them. Must not know networks.

A folder holds pictures, or folders of pictures that are named after what their pictures show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from convlens._typing import IntArray
from convlens.arguments import as_annotated
from convlens.data.handwriting import LARGEST, Prepared, prepare
from convlens.data.handwriting.prepared import Side
from convlens.data.handwriting.sampling import averaged, between
from convlens.data.opened import AnyPath
from convlens.data.pictures import read_picture
from convlens.errors import DataError, UsageError, shown

__all__ = ["Like", "Pictures", "load_pictures"]

Like: TypeAlias = Literal["mnist"] | None
"""The data set as whose pictures one's own are prepared; None to change nothing but their size."""

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"})
"""The endings of files in a folder that are read; what a file is, its content says."""


@dataclass(frozen=True, eq=False)
class Pictures:
    """One's own pictures.

    Attributes:
        names: of the files, within the folder if one was given; in the order of the images.
        images: uint8, (N, 1, height, width), as the data set has them: for MNIST 0 is paper and 255 ink.
        labels: integers, (N,), the place of each picture's folder in `class_names`; None where the pictures
            lie in no folders.
        class_names: the folders' names in order; none where there are none.
        prepared: how each picture was prepared, and what one may judge it by; none without `like`.
    """

    names: tuple[str, ...]
    images: NDArray[np.uint8]
    labels: IntArray | None
    class_names: tuple[str, ...]
    prepared: tuple[Prepared, ...]

    def __len__(self) -> int:
        return len(self.images)


@as_annotated
def load_pictures(
    source: AnyPath, like: str | None = "mnist", height: Side = 28, width: Side = 28
) -> Pictures:
    """Read one's own pictures and make them what a network was trained on.

    Args:
        source: a PNG, JPEG, BMP, GIF or WebP file, or a folder of such files; or a folder of folders, each
            named after what its pictures show, such as `0` to `9`.
        like: `"mnist"` to prepare pictures of digits as MNIST was made, whether photographed, scanned or
            drawn (see `convlens.data.prepare`); None to scale pictures to the size and do nothing else.
        height: of what the network receives.
        width: the same.

    Raises:
        DataError: there is no picture, or one is damaged.
        UsageError: `like` is not known, or a side is no int from 1 to 1,024.
    """
    if like not in {"mnist", None}:
        raise UsageError(f'`like` of load_pictures must be "mnist" or None. Got {shown(like)}.')
    folder = Path(source)
    files, class_names = _listed(folder)
    greys = (read_picture(file, LARGEST) for file in files)
    prepared: tuple[Prepared, ...] = ()
    if like is None:
        images = [_scaled(grey, height, width) for grey in greys]
    else:
        prepared = tuple(prepare(grey, height, width) for grey in greys)
        images = [one.image for one in prepared]
    places = {name: place for place, name in enumerate(class_names)}
    labels = np.array([places[file.parent.name] for file in files]) if class_names else None
    names = tuple(file.name if file == folder else file.relative_to(folder).as_posix() for file in files)
    return Pictures(names, np.stack(images)[:, None], labels, class_names, prepared)


def _listed(source: Path) -> tuple[Sequence[Path], tuple[str, ...]]:
    """Return the files of a source in order, and the names of the folders that they lie in, if any."""
    try:
        if not source.is_dir():
            return [source], ()
        own = _pictures_in(source)
        by_class = {} if own else {inner.name: _pictures_in(inner) for inner in sorted(source.iterdir())}
    except (OSError, ValueError) as error:
        raise DataError(f"{source} cannot be read. Check that it is there and may be read.") from error
    by_class = {name: files for name, files in by_class.items() if files}
    if not own and not by_class:
        raise DataError(
            f"{source} has no picture ({', '.join(sorted(SUFFIXES))}), nor a folder that has one. "
            "Put some there."
        )
    return own or [file for files in by_class.values() for file in files], tuple(by_class)


def _pictures_in(folder: Path) -> list[Path]:
    """Return the pictures in a folder in the order of their names; what is hidden is not one's own."""
    if not folder.is_dir() or folder.name.startswith("."):
        return []
    return sorted(
        file
        for file in folder.iterdir()
        if file.suffix.lower() in SUFFIXES and not file.name.startswith(".") and file.is_file()
    )


def _scaled(grey: NDArray[np.float32], height: int, width: int) -> NDArray[np.uint8]:
    """Return a picture in another size, each pixel the mean of what it covers."""
    means = averaged(grey.astype(np.float64), between(grey.shape[0], height), between(grey.shape[1], width))
    return np.floor(means * 255.0 + 0.5).clip(0, 255).astype(np.uint8)
