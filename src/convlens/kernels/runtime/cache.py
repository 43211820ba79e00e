"""Compiled kernels on disk, so that only the first run compiles. Must not know any kernel.

Numba's own cache does not see a change in a function that a kernel calls, trusts what it reads, fails on a
truncated file, and loses kernels that two processes write at once. Ours lies in a folder named by the CPU,
the versions and a hash of this room's sources, with mode 0700; one file a kernel and set of argument types,
named by both, and sealed (`sealed.py`), so that no kernel runs in another's place. What does not match, or
cannot be read, is compiled again; what another process is compiling is waited for (`claims.py`).
"""

import hashlib
import os
import pickle
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import local
from typing import Any

import llvmlite
import llvmlite.binding
import numba
import numpy as np
import platformdirs
from numba.core import caching

from convlens.interrupts import heed
from convlens.kernels.runtime import claims, sealed, threads

__all__ = ["Postponed", "cached", "folder", "lost", "never_kept", "on_compile", "postponing", "unwritable"]

PROBE = 1 << 20  # bytes: some kernels

PATIENCE, TICK = 60.0, 0.01
"""Seconds after which what another process should have compiled is compiled here, and between two looks."""

ROOM = Path(__file__).parents[1]
"""Where the kernels are, and all that they are made of."""

lost: list[str] = []
"""For each kernel that was compiled and could not be kept: why."""

on_compile: list[Callable[[], None]] = []
"""Called once, before the first kernel that the cache does not hold is compiled."""

_asked = local()


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


class Postponed(Exception):  # noqa: N818 (no error: `postponing` has asked for it)
    """A kernel that the cache does not hold, and that shall not be compiled, or waited for, now."""


@contextmanager
def postponing(*, missing: bool) -> Iterator[None]:
    """Have `Postponed` raised in this thread by a kernel that another process is compiling.

    Args:
        missing: also by one that nobody is compiling.
    """
    before = getattr(_asked, "postponing", None)
    _asked.postponing = "missing" if missing else "claimed"
    try:
        yield
    finally:
        _asked.postponing = before


def cached(dispatcher: Any) -> Any:
    """Give a compiled function this cache; where there is no folder for it, one that keeps nothing."""
    where = folder()
    kept = _Nothing(announces=True) if where is None else _Cache(dispatcher.py_func, where)
    dispatcher._cache = kept  # noqa: SLF001  # no public seam
    return dispatcher


def never_kept(dispatcher: Any) -> Any:
    """Give a function that only kernels call a cache that keeps nothing: kernels hold its code."""
    dispatcher._cache = _Nothing(announces=False)  # noqa: SLF001  # no public seam
    return dispatcher


def _announce() -> None:
    """Say that something is compiled, if that was not said before."""
    if on_compile:
        on_compile.pop()()
        on_compile.clear()


class _Nothing(caching.NullCache):  # type: ignore[misc]
    """Keeps nothing.

    Args:
        announces: whether the user hears of it that each start compiles.
    """

    def __init__(self, *, announces: bool) -> None:
        self._announces = announces

    def load_overload(self, sig: Any, target_context: Any) -> None:
        del sig, target_context
        heed()  # between two kernels
        if self._announces:
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
        return ""

    def get_disambiguator(self) -> str:
        return str(self._line)

    @classmethod
    def from_function(cls, py_func: Any, _py_file: str) -> "_Locator":
        return cls(py_func)


class _Implementation(caching.CompileResultCacheImpl):  # type: ignore[misc]
    """Numba's way of writing a compiled function, at our place."""

    _locator_classes = (_Locator,)


class _Cache(caching.FunctionCache):  # type: ignore[misc]
    """A function's cache that never makes a call fail.

    Args:
        function: what is compiled.
        where: the folder.
    """

    _impl_class = _Implementation

    def __init__(self, function: Any, where: Path) -> None:
        super().__init__(function)
        self._where = where

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return a compiled function, or None where it is to be compiled now, by this process.

        Raises:
            Postponed: it is missing, and whoever asks does not want it then.
        """
        heed()  # between two kernels
        threads.start()  # machine code refers to the threading layer's functions
        claims.give_up_all()  # of what could not be compiled
        path = self._path(sig, target_context.codegen())
        found = self._loaded(path, target_context)
        if found is not None or not self._enabled:
            return found
        asked = getattr(_asked, "postponing", None)
        if asked == "missing":
            raise Postponed
        _announce()
        until = time.monotonic() + PATIENCE
        while not claims.claim(self._where, path.name):
            if asked:
                raise Postponed
            if time.monotonic() > until:
                return None
            heed()
            time.sleep(TICK)
        found = self._loaded(path, target_context)  # whoever had claimed it may have made it
        if found is not None:
            claims.give_up(self._where, path.name)
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        path = self._path(sig, data.codegen)
        try:
            if self._enabled and self._impl.check_cachable(data):
                sealed.write(path, caching.dumps(self._impl.reduce(data)))
        except OSError as error:  # a full disk costs the next start some seconds, nothing else
            lost.append(error.strerror or str(error))
            self.disable()
        except RuntimeError as error:  # LLVM's callback was interrupted, and what it raises is lost
            if "no compiled object" not in str(error):
                raise
            raise KeyboardInterrupt from None
        finally:
            claims.give_up(self._where, path.name)

    def _path(self, sig: Any, codegen: Any) -> Path:
        """Return the file of a kernel: its name, and what else its code depends on, hashed."""
        facts = repr(self._index_key(sig, codegen))
        digest = hashlib.sha256(facts.encode()).hexdigest()[:24]
        return self._where / f"{self._impl.filename_base}.{digest}.nbc"

    def _loaded(self, path: Path, target_context: Any) -> Any:
        """Return what a file holds.

        Without asking Numba to make its compiler ready, as its own cache does: half of a start's time, for
        nothing where all kernels are there.
        """
        content = sealed.read(path)
        if content is None:
            return None
        payload = pickle.loads(content)  # noqa: S301  # own file, in a private folder, digest checked
        return self._impl.rebuild(target_context, payload)
