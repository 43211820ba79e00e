"""Compiled kernels on disk, so that only the first run compiles. Must not know any kernel.

Numba's own cache does not see a change in a function that a kernel calls, trusts what it reads, and fails on
a truncated file. Ours lies in a folder named by the CPU, the versions and a hash of this room's sources,
with mode 0700; every file starts with the SHA-256 of its name and of the rest, so that no kernel runs in
another's place. What does not match, or cannot be read, is compiled again.
"""

import hashlib
import os
import pickle
import platform
import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding
import numba
import numpy as np
import platformdirs
from numba.core import caching

from convlens.interrupts import heed
from convlens.kernels.runtime import threads

__all__ = ["cached", "folder", "lost", "on_compile", "unwritable"]

DIGEST = hashlib.sha256().digest_size

PROBE = 1 << 20  # bytes: some kernels

LARGEST = 1 << 26  # bytes: hundreds of times the largest kernel

ROOM = Path(__file__).parents[1]
"""Where the kernels are, and all that they are made of."""

lost: list[str] = []
"""For each kernel that was compiled and could not be kept: why."""

on_compile: list[Callable[[], None]] = []
"""Called once, before the first kernel that the cache does not hold is compiled."""


@cache
def folder() -> Path | None:
    """Return the folder of this configuration's kernels, or None where no private folder can be made."""
    override = os.environ.get("CONVLENS_CACHE_DIR")
    root = Path(override) if override else platformdirs.user_cache_path("convlens")
    path = root / "kernels" / _key()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            status = path.stat()
            if status.st_uid != os.getuid():  # compiled code of another user is never run
                return None
            path.chmod(0o700)
    except OSError:
        return None
    return path


def unwritable() -> str:
    """Return why no more kernels can be kept, or "": a full disk lets a file be made, but not be filled."""
    path = folder()
    if path is None:
        return "no private folder could be made"
    probe = path / f".probe.{os.getpid()}"
    try:
        try:
            probe.write_bytes(bytes(PROBE))
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _key(room: Path = ROOM) -> str:
    """Return what compiled code depends on, hashed: CPU, versions, and the sources of a room."""
    digest = hashlib.sha256()
    facts = (numba.__version__, llvmlite.__version__, np.__version__, platform.python_version())
    features = llvmlite.binding.get_host_cpu_features().flatten()
    for fact in (*facts, platform.system(), llvmlite.binding.get_host_cpu_name(), features):
        digest.update(f"{fact}\n".encode())
    # All of them: Numba sees a change in a kernel, not one in a word or a function that the kernel calls.
    for source in sorted(room.rglob("*.py"), key=lambda path: path.relative_to(room).as_posix()):
        digest.update(f"{source.relative_to(room).as_posix()}\n".encode())
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()[:16]


def cached(dispatcher: Any) -> Any:
    """Give a compiled function this cache; where there is no folder for it, one that keeps nothing."""
    dispatcher._cache = _NoCache() if folder() is None else _Cache(dispatcher)  # noqa: SLF001  # no public seam
    return dispatcher


def _announce() -> None:
    """Say that something is compiled, if that was not said before."""
    if on_compile:
        on_compile.pop()()
        on_compile.clear()


class _NoCache(caching.NullCache):  # type: ignore[misc]
    """Keeps nothing, but lets the user know that each start compiles."""

    def load_overload(self, sig: Any, target_context: Any) -> None:
        del sig, target_context
        heed()  # between two kernels
        threads.start()
        _announce()


class _Locator(caching._CacheLocator):  # type: ignore[misc]  # noqa: SLF001
    """Put all files into `folder()`; their freshness is in the folder's name."""

    def __init__(self, py_func: Any) -> None:
        self._line = py_func.__code__.co_firstlineno
        self._py_file = py_func.__code__.co_filename

    def get_cache_path(self) -> str:
        return str(folder())

    def get_source_stamp(self) -> str:
        return _key()

    def get_disambiguator(self) -> str:
        return str(self._line)

    @classmethod
    def from_function(cls, py_func: Any, _py_file: str) -> "_Locator":
        return cls(py_func)


class _Implementation(caching.CompileResultCacheImpl):  # type: ignore[misc]
    """Numba's way of writing a compiled function, at our place."""

    _locator_classes = (_Locator,)


class _CheckedFile(caching.IndexDataCacheFile):  # type: ignore[misc]
    """Numba's index and data files, each payload behind the SHA-256 of the file's name and itself."""

    def save(self, key: Any, data: Any) -> None:
        super().save(key, (key, data))

    def load(self, key: Any) -> Any:
        found = super().load(key)
        # Two processes that start from an empty index may give one name to two signatures of a kernel.
        return found[1] if found is not None and found[0] == key else None

    def _save_data(self, name: str, data: Any) -> None:
        with self._open_for_write(self._data_path(name)) as file:
            file.write(_sealed(name, self._dump(data)))

    def _load_data(self, name: str) -> Any:
        return _opened(name, _own(Path(self._data_path(name))))

    def _save_index(self, overloads: dict[Any, str]) -> None:
        with self._open_for_write(self._index_path) as file:
            file.write(_sealed(self._index_name, self._dump((self._source_stamp, overloads))))

    def _load_index(self) -> dict[Any, str]:
        try:
            stamp, overloads = _opened(self._index_name, _own(Path(self._index_path)))
        except OSError:
            return {}
        return overloads if stamp == self._source_stamp else {}


def _own(path: Path) -> bytes:
    """Read a file.

    Raises:
        OSError: it is not there, no file, or another user's: Numba then compiles the function again.
    """
    # Without O_NONBLOCK a pipe in a file's place would be waited for, for ever.
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:  # noqa: PTH123
        status = os.fstat(file.fileno())
        ours = os.name != "posix" or status.st_uid == os.getuid()
        if not (stat.S_ISREG(status.st_mode) and ours and status.st_size <= LARGEST):
            raise OSError("a cached kernel is no file of this user's")
        return file.read()


def _sealed(name: str, payload: bytes) -> bytes:
    """Return what is written under a name: a digest, and the payload."""
    return hashlib.sha256(name.encode() + payload).digest() + payload


def _opened(name: str, content: bytes) -> Any:
    """Unpickle what was sealed under this name.

    Raises:
        OSError: the content is not what was written; Numba then compiles the function again.
    """
    if _sealed(name, content[DIGEST:]) != content:
        raise OSError("a cached kernel is damaged")
    return pickle.loads(content[DIGEST:])  # noqa: S301  # own file, in a private folder, digest checked


class _Cache(caching.FunctionCache):  # type: ignore[misc]
    """A function's cache that never makes a call fail."""

    _impl_class = _Implementation

    def __init__(self, dispatcher: Any) -> None:
        super().__init__(dispatcher.py_func)
        self._cache_file = _CheckedFile(
            cache_path=self._cache_path,
            filename_base=self._impl.filename_base,
            source_stamp=self._impl.locator.get_source_stamp(),
        )

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        heed()  # between two kernels
        threads.start()  # machine code refers to the threading layer's functions
        found = super().load_overload(sig, target_context)
        if found is None:
            _announce()
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except OSError as error:  # a full disk costs the next start some seconds, nothing else
            lost.append(error.strerror or str(error))
            self.disable()
        except RuntimeError as error:  # LLVM's callback was interrupted, and what it raises is lost
            if "no compiled object" not in str(error):
                raise
            raise KeyboardInterrupt from None
