"""Writing files and folders so that a crash leaves either the old one or the new one, never half of one.

Holds file-system mechanics, the reading of text, safe names and command lines among them; must not know
what is written.

What is read is a regular file of a bounded size: a pipe or a device may keep a reader waiting for ever.
"""

import codecs
import errno
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from convlens.errors import (
    ConvlensError,
    FolderThereError,
    ForbiddenPlaceError,
    MissingPlaceError,
    StorageError,
    UsageError,
    shown,
    unencodable,
)

__all__ = [
    "command_line",
    "commit_folder",
    "explained",
    "path_of",
    "read_bytes",
    "read_text",
    "real_name",
    "require_place",
    "require_regular",
    "safe_stem",
    "sync_folder",
    "write_bytes",
    "write_text",
]


@contextmanager
def explained(action: str, path: Path) -> Iterator[None]:
    """Turn an `OSError` (full disk, missing permission) into one line that names the path.

    Raises:
        StorageError: nothing else can be written there either.
        ConvlensError: anything else.
    """
    try:
        yield
    except ConvlensError:  # some of ours are the system's kind of error, too
        raise
    except OSError as error:
        kinds = ((PermissionError, ForbiddenPlaceError), (FileNotFoundError, MissingPlaceError))
        kind = next((ours for theirs, ours in kinds if isinstance(error, theirs)), ConvlensError)
        kind = StorageError if error.errno in _NO_STORAGE else kind
        raise kind(f"cannot {action} {path}: {error.strerror or error}.") from error
    except UnicodeEncodeError as error:
        raise ConvlensError(f"cannot {action} {path}: {unencodable(error)}.") from None


_NO_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def path_of(value: object, name: str, owner: str) -> Path:
    """Return a path that is given as one, or as a text.

    Raises:
        UsageError: it is neither, or empty.
    """
    if not isinstance(value, str | os.PathLike) or isinstance(os.fspath(value), bytes) or not str(value):
        raise UsageError(f"`{name}` of {owner} must be a path. Got {shown(value)}.")
    return Path(value)


def require_place(path: Path) -> None:
    """Refuse a path where no file can be written, before anything long is done for it.

    Raises:
        ConvlensError: it is a folder, a device or a pipe, or its folder is missing or may not be written to.
    """
    with explained("write", path):
        if path.is_dir():
            raise FolderThereError(f"cannot write {path}: it is a folder. Give the name of a file in it.")
        if path.exists() and not path.is_file():  # the rename would put a file in its place
            raise ConvlensError(f"cannot write {path}: it is a device or a pipe, not a file.")
        folder = path.absolute().parent
        if not folder.exists():
            reason = f"No such file or directory: make the folder {folder} first"
            raise MissingPlaceError(f"cannot write {path}: {reason}.")
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
            reason = f"the folder {folder} may not be written to"
            raise ForbiddenPlaceError(f"cannot write {path}: {reason}.")


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically: write aside, flush to the disk, rename.

    Raises:
        ConvlensError: the file cannot be written, or is a device or a pipe; what was there is untouched.
    """
    require_place(path)
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
    whole = _HALVES.sub("\N{REPLACEMENT CHARACTER}", content)  # no bytes have ever been these
    readable = whole.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    write_bytes(path, readable.encode("utf-8"))


_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")

MAX_TEXT = 64 << 20
"""The most bytes of a text that are read unless a caller names another limit."""

MAX_BYTES = 4 << 30
"""The most bytes of any file that are read at once."""

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def require_regular(path: str | os.PathLike[str]) -> int:
    """Return the size of the regular file at `path`, links followed.

    It is not opened: opening a pipe may wait for ever, and a device may never end.

    Raises:
        OSError: it is missing, cannot be reached, or is a folder, a pipe, a socket or a device; its
            `strerror` says which in a few words.
    """
    try:
        found = Path(path).stat()
    except ValueError:  # of the system's own interface
        raise OSError(errno.EINVAL, "its name holds a NUL character or half a letter", str(path)) from None
    except FileNotFoundError:
        raise FileNotFoundError(errno.ENOENT, _looked_for(Path(path)), str(path)) from None
    for is_kind, kind in _KINDS:
        if is_kind(found.st_mode):
            what = errno.EISDIR if kind == "a folder" else errno.EINVAL
            raise OSError(what, f"it is {kind}, not a regular file", str(path))
    return found.st_size


def _looked_for(path: Path) -> str:
    """Say in which folder a missing file was looked for, or which folder is missing."""
    folder = path.absolute().parent
    if path.is_symlink():
        return f"it is a link to {path.readlink()}, which is missing"
    return f"No such file in {folder}" if folder.is_dir() else f"No such folder, {folder}"


def read_bytes(path: str | os.PathLike[str], most: int = MAX_BYTES) -> bytes:
    """Return the content of a regular file.

    Args:
        path: of the file.
        most: so many bytes it may have.

    Raises:
        OSError: it cannot be read, is no regular file, or is larger; `strerror` says which.
    """
    size = require_regular(path)
    if size > most:
        raise OSError(errno.EFBIG, f"it has {size:,} bytes, more than {most:,}", str(path))
    with Path(path).open("rb") as file:
        return file.read(most)


def read_text(path: Path, most: int = MAX_TEXT) -> str:
    """Return a text file's content: UTF-8, or UTF-16 where the file begins with its byte order mark.

    Windows' editors and PowerShell's `>` write such marks; they are no part of the text.

    Args:
        path: of the file.
        most: so many bytes it may have.

    Raises:
        OSError: the file cannot be read, is no regular file, or is larger; `strerror` says which.
        UnicodeDecodeError: it is no such text.
    """
    content = read_bytes(path, most)
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if wide else "utf-8-sig")


def real_name(path: str | os.PathLike[str]) -> str:
    """Return a folder's own name, links followed; a link that leads to itself keeps its name."""
    return Path(os.path.realpath(path)).name


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
