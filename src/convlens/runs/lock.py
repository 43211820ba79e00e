"""One process a run: a lock that the system itself opens when its holder ends. Must not know runs."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from convlens.errors import ConvlensError
from convlens.files import explained

__all__ = ["clear_lock", "locked"]

if sys.platform == "win32":
    import msvcrt

    def _taken(file: BinaryIO) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: better to train than to refuse
            return True
        return True


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold the lock file `path` within the block; yield False, and hold nothing, where another holds it.

    A process that is killed leaves the file but not the lock: the next one takes it.
    """
    with explained("lock", path):
        file = _opened(path)
    if file is None:
        yield False
        return
    try:
        yield True
    finally:
        if os.name == "nt":  # an open file cannot be removed, also not where another has opened it by now
            file.close()
            with suppress(OSError):
                path.unlink()
        else:  # removed while it is held, or it might be the next one's
            with suppress(OSError):
                path.unlink()
            file.close()


def clear_lock(path: Path) -> None:
    """Remove a lock file that somebody left who was killed, unless another holds it now."""
    with suppress(ConvlensError, OSError):  # it is harmless, wherever it may not be removed
        if path.exists():
            with locked(path):
                pass


def _opened(path: Path) -> BinaryIO | None:
    """Open the file and take its lock, or return None."""
    while True:
        file = path.open("ab")
        if not _taken(file):
            file.close()
            return None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        file.close()  # its holder has removed it in between: this lock would be of no file
