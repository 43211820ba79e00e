"""Writing files and folders so that a crash leaves either the old one or the new one, never half of one.

Holds file-system mechanics, the reading of text, safe names and command lines among them; must not know
what is written.
"""

import codecs
import errno
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from convlens.errors import ConvlensError

__all__ = [
    "command_line",
    "commit_folder",
    "explained",
    "read_text",
    "safe_stem",
    "sync_folder",
    "write_bytes",
    "write_text",
]


@contextmanager
def explained(action: str, path: Path) -> Iterator[None]:
    """Turn an `OSError` (full disk, missing permission) into one line that names the path."""
    try:
        yield
    except OSError as error:
        raise ConvlensError(f"cannot {action} {path}: {error.strerror or error}.") from error


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically: write aside, flush to the disk, rename.

    Raises:
        ConvlensError: the file cannot be written, or is a device or a pipe; what was there is untouched.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):  # the rename would put a file in its place
        raise ConvlensError(f"cannot write {path}: it is a device or a pipe, not a file.")
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with explained("write", path):
        try:
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


def write_text(path: Path, content: str) -> None:
    """Write a UTF-8 text file atomically, with line ends as given.

    A path's letters that the locale could not decode (surrogates) are written as the bytes that they were.
    """
    readable = content.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    write_bytes(path, readable.encode("utf-8"))


def read_text(path: Path) -> str:
    """Return a text file's content: UTF-8, or UTF-16 where the file begins with its byte order mark.

    Windows' editors and PowerShell's `>` write such marks; they are no part of the text.

    Raises:
        OSError: the file cannot be read, or is none: a pipe that nobody writes to would be waited for.
        UnicodeDecodeError: it is no such text.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file", str(path))
    content = path.read_bytes()
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if wide else "utf-8-sig")


def safe_stem(name: str, longest: int = 80) -> str:
    """Return `name` as every file system takes it and no folder is left by it; empty where nothing is left.

    Args:
        name: anything.
        longest: how many letters are kept.

    >>> safe_stem("../../My Net")
    'my-net'
    """
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")[:longest].rstrip("-.")


def command_line(words: Sequence[str]) -> str:
    """Return a command as it is typed: bash, cmd and PowerShell all take double quotes.

    >>> command_line(["convlens", "verify", "my run"])
    'convlens verify "my run"'
    """
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def sync_folder(folder: Path) -> None:
    """Flush a folder's list of names to the disk, where the system can do that."""
    if os.name == "nt":  # a folder cannot be opened on Windows
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def commit_folder(aside: Path, target: Path) -> None:
    """Give the finished folder `aside` its final name: readers see all of it or none.

    Raises:
        ConvlensError: `target` exists and is not an empty folder, or the rename failed.
    """
    with explained("commit", target):
        sync_folder(aside)
        aside.rename(target)
        sync_folder(target.parent)
