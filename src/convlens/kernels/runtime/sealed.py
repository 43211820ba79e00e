"""Files that are read only if they are what was written: private, whole, under their own name.

Must not know what is in them. Each starts with the SHA-256 of its name and of the rest.
"""

import hashlib
import os
import stat
import uuid
from contextlib import suppress
from pathlib import Path

__all__ = ["clear_up_behind", "read", "write"]

DIGEST = hashlib.sha256().digest_size

LARGEST = 1 << 26  # bytes: hundreds of times the largest kernel


def write(path: Path, payload: bytes) -> None:
    """Put a file in its place as a whole, or leave what is there.

    Raises:
        OSError: it cannot be written.
    """
    aside = path.with_name(f"{path.name}.tmp.{os.getpid()}.{uuid.uuid4().hex[:16]}")
    try:
        aside.write_bytes(_sealed(path.name, payload))
        aside.replace(path)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise


def clear_up_behind(folder: Path, process: int) -> None:
    """Remove what a process that was killed had begun to write."""
    with suppress(OSError):
        for aside in folder.glob(f"*.tmp.{process}.*"):
            aside.unlink()


def read(path: Path) -> bytes | None:
    """Return what was written, or None where there is nothing, or something else."""
    with suppress(OSError):
        content = _own(path)
        if _sealed(path.name, content[DIGEST:]) == content:
            return content[DIGEST:]
    return None


def _sealed(name: str, payload: bytes) -> bytes:
    return hashlib.sha256(name.encode() + payload).digest() + payload


def _own(path: Path) -> bytes:
    """Read a file.

    Raises:
        OSError: it is not there, no file, or another user's.
    """
    # Without O_NONBLOCK a pipe in a file's place would be waited for, for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123
        status = os.fstat(file.fileno())
        ours = os.name != "posix" or status.st_uid == os.getuid()
        if not (stat.S_ISREG(status.st_mode) and ours and status.st_size <= LARGEST):
            raise OSError("no file of this user's")
        return file.read()
