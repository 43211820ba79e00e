"""Which process compiles what, so that none compiles what another one is at. Must not know any kernel.

A claim is the lock of one byte of a file that all processes open. The system gives it up when its holder
ends, in whatever way, so nothing is left behind and nobody has to clear up. Where a file system has no locks
everyone may have everything: then some kernels are compiled twice.
"""

import os
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

__all__ = ["claim", "give_up", "give_up_all"]

_BYTES = 1 << 30  # places of locks in the file, which stays empty

_open: dict[Path, int] = {}
_held: set[tuple[Path, int]] = set()

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int, place: int) -> bool:
        os.lseek(file, place, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: int, place: int) -> None:
        os.lseek(file, place, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(file: int, place: int) -> bool:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):  # EAGAIN or EACCES, as the system likes
            return False
        except OSError:
            return True
        return True

    def _unlock(file: int, place: int) -> None:
        fcntl.lockf(file, fcntl.LOCK_UN, 1, place)


def claim(folder: Path, name: str) -> bool:
    """Say whether this process may do what is called `name`; False while another one is at it."""
    path, place = folder / "claims", _place(name)
    if path not in _open:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
        try:
            # Open as long as this process lives: closing it anywhere would give up all claims.
            _open[path] = os.open(path, flags, 0o600)
        except OSError:
            return True
    if not _lock(_open[path], place):
        return False
    _held.add((path, place))
    return True


def give_up(folder: Path, name: str) -> None:
    """Let others have what is called `name`."""
    _give_up((folder / "claims", _place(name)))


def give_up_all() -> None:
    """Let others have everything that this process has claimed."""
    for one in list(_held):
        _give_up(one)


def _give_up(one: tuple[Path, int]) -> None:
    _held.discard(one)
    path, place = one
    if path in _open:
        with suppress(OSError):
            _unlock(_open[path], place)


def _place(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8], "little") % _BYTES
