"""Opening a user's file for reading. Must not know formats.

Holds the one clear line for each way in which that fails.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from convlens.arguments import AnyPath
from convlens.errors import MissingFileError, UsageError, shown, unreadable
from convlens.files import require_regular

__all__ = ["AnyPath", "opened"]


@contextmanager
def opened(path: AnyPath) -> Iterator[BinaryIO]:
    """Open a regular file in binary mode, and explain every failure to open or read it.

    Raises:
        DataError: the file is missing, a folder, not a regular file, or not readable.
    """
    if not isinstance(path, str | os.PathLike):
        raise UsageError(f"a file is given by its name. Got {shown(path)}.")
    try:
        require_regular(path)
        with Path(path).open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise MissingFileError(f"{path} does not exist: {error.strerror}. Put it there.") from error
    except PermissionError as error:
        remedy = "Give yourself read access"
        raise unreadable(f"{path} may not be read: permission denied. {remedy}.", error) from error
    except OSError as error:
        reason = error.strerror or error
        raise unreadable(f"{path} cannot be read: {reason}. Check the disk and path.", error) from error
