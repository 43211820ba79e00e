"""Opening a user's file for reading. Must not know formats.

Holds the one clear line for each way in which that fails.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from convlens.errors import DataError

__all__ = ["AnyPath", "opened"]

AnyPath: TypeAlias = str | os.PathLike[str]
"""What a caller may give as a path."""


@contextmanager
def opened(path: AnyPath) -> Iterator[BinaryIO]:
    """Open a regular file in binary mode, and explain every failure to open or read it.

    A pipe or a device is refused before it is opened, because opening it may wait for ever.

    Raises:
        DataError: the file is missing, a folder, not a regular file, or not readable.
    """
    try:
        _require_regular(Path(path))
        with Path(path).open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise DataError(f"{path} does not exist. Check the path, or put the file there.") from error
    except PermissionError as error:
        raise DataError(f"{path} may not be read: permission denied. Give yourself read access.") from error
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror or error}. Check the disk and path."
        ) from error


def _require_regular(path: Path) -> None:
    """Raise unless the path, links followed, is a file with content of its own."""
    if "\0" in str(path):
        raise DataError(f"{str(path)!r} is not a path: it contains a NUL character. Give a file's path.")
    path.stat()  # says why a path cannot be reached, where is_dir and is_file would only say no
    if path.is_dir():
        raise DataError(f"{path} is a folder, not a file. Give the path of a file in it.")
    if not path.is_file():
        raise DataError(f"{path} is not a regular file. Copy its content into a file first.")
