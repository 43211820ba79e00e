"""Which files a user means who gives files and folders. Must not know what is in a picture."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from convlens.data.labels import natural
from convlens.data.pixels import looks_like_a_picture
from convlens.errors import DataError

__all__ = ["STDIN", "given_files"]

STDIN = "-"
"""The name of the standard input."""

_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jfif", ".bmp", ".webp", ".gif"})


def given_files(given: Sequence[str | Path]) -> Iterator[Path | DataError]:
    """Yield files as they were given, and in the place of a folder the pictures in and below it.

    Of a folder's files those are pictures that are called or begin so; they come in natural order, 2 before
    10, and what systems hide is passed over. A folder without any is yielded as the error that says so.
    """
    for path in map(Path, given):
        if not path.is_dir():
            yield path
            continue
        found = sorted(_pictures(path), key=lambda file: natural(str(file)))
        yield from found
        if not found:
            yield DataError(f"{path} holds no pictures. Put some into it.")


def _pictures(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):  # links to folders are not followed: they may lead back up
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            path = Path(here, name)
            if not name.startswith(".") and (path.suffix.lower() in _SUFFIXES or _begins_as_one(path)):
                yield path


def _begins_as_one(path: Path) -> bool:
    try:
        return looks_like_a_picture(path)
    except DataError:
        return False
