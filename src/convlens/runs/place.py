"""Where a run's folder goes: what stands in its way, its lock, and its name at the end.

Whatever can be known before the first step is refused before it. Must not know what a run holds.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from convlens.errors import ConvlensError, RunError, TakenError, UsageError, unencodable
from convlens.files import commit_folder, explained, path_of
from convlens.runs.lock import clear_lock, locked

__all__ = ["CHECKPOINTS", "Place", "damaged_beside"]

CHECKPOINTS = "checkpoints"
"""The folder, within the one aside, of what only an unfinished run needs."""

_MARK = 12  # hex digits by which an attempt's folder is told from those of other configs
_LONGEST = ".last.safetensors.1234567890.part"  # no file's name in it is longer, also while it is written


@dataclass(frozen=True)
class Place:
    """A run's folder, as it was asked for.

    Args:
        out: the folder; a symbolic link to an empty folder or to a run stands for what it leads to.

    Raises:
        UsageError: no run could get this name.
        ConvlensError: it would lie within a file.
    """

    out: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "out", path_of(self.out, "out", "a run"))
        with _refused(self.out):
            self._require_led_somewhere()
            if not self.folder.name:
                raise _wrong("a folder with a name", self.out)
            with suppress(FileNotFoundError):
                (self.aside("0" * _MARK) / CHECKPOINTS / _LONGEST).lstat()
            if self.folder.is_dir() and self.is_free:
                self._require_movable()

    @property
    def folder(self) -> Path:
        """The folder itself, without symbolic links."""
        return Path(os.path.realpath(self.out))

    @property
    def lock(self) -> Path:
        """The file that is held while a run is made here: one, whichever run it is."""
        return self.folder.with_name(f".{self.folder.name}.lock")

    def aside(self, mark: str) -> Path:
        """Return the folder in which the run with this mark is made; it lies beside its place."""
        return self.folder.with_name(f".{self.folder.name}.{mark}.partial")

    @property
    def is_free(self) -> bool:
        """Nothing is here, or an empty folder."""
        with explained("read", self.out):
            return not self.folder.exists() or (self.folder.is_dir() and not any(self.folder.iterdir()))

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the place within the block.

        Raises:
            TakenError: another process is making a run here.
        """
        with explained("make", self.out):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.lock) as is_ours:
            if not is_ours:
                remedy = "wait for it, stop it, or choose another --out"
                raise TakenError(f"another convlens is making a run in {self.out}: {remedy}.")
            yield

    def commit(self, aside: Path) -> None:
        """Give the finished folder `aside` its name; then its checkpoint goes, which nobody needs any more.

        Raises:
            RunError: it cannot have it; nothing of it is lost, and the message says where it lies.
        """
        try:
            with explained("make", self.out):
                if self.folder.is_dir():
                    self.folder.rmdir()  # empty, or this fails: the finished folder takes its place
            commit_folder(aside, self.folder)
        except ConvlensError as error:
            if aside.exists():
                remedy = "the same command gives it its name without training again"
                raise RunError(f"{error} The finished run lies in {aside}: {remedy}.") from None
            raise
        self.clear()

    def clear(self) -> None:
        """Remove what is of no use beside a finished run: checkpoint, damaged attempts, a lock left over."""
        with suppress(OSError):  # harmless, wherever it may not be removed
            checkpoints = self.folder / CHECKPOINTS
            for path in checkpoints.iterdir():
                path.unlink()
            checkpoints.rmdir()
        for damaged in self.folder.parent.glob(f".{escape(self.folder.name)}.*.damaged"):
            shutil.rmtree(damaged, ignore_errors=True)
        clear_lock(self.lock)

    def _require_led_somewhere(self) -> None:
        """Refuse links that lead nowhere; the message names where the last of them leads."""
        end = self.folder
        loop = next((path for path in (end, *end.parents) if path.is_symlink()), None)
        if loop is not None:
            remedy = f"remove {loop}, or choose another --out"
            raise _wrong(f"no loop of symbolic links: {remedy}", self.out)
        if self.out.is_symlink() and not self.out.exists():
            if end.exists():  # the system follows so many links, and no more
                raise _wrong(f"no chain of so many symbolic links: give {end}", self.out)
            remedy = f"make the folder {end}, or choose another --out"
            raise _wrong(f"no symbolic link to nothing: {remedy}", self.out)

    def _require_movable(self) -> None:
        """Refuse an empty folder that a finished one could not take the place of."""
        if os.path.ismount(self.folder):
            raise _wrong("no mount point: give a folder in it", self.out)
        parent, own = self.folder.parent.stat(), self.folder.stat()
        if os.name == "posix" and parent.st_mode & stat.S_ISVTX:  # such as /tmp: only owners rename there
            user = os.geteuid()
            if user not in {0, own.st_uid, parent.st_uid}:
                raise _wrong("a folder of your own where others may not be renamed", self.out)


def damaged_beside(aside: Path) -> Path:
    """Return where an attempt that cannot be used is set aside until the run is finished."""
    return aside.with_suffix(".damaged")


@contextmanager
def _refused(out: Path) -> Iterator[None]:
    """Turn what the system says of an impossible name into a refusal."""
    try:
        yield
    except ConvlensError:
        raise
    except NotADirectoryError:
        file = next(parent for parent in out.absolute().parents if parent.exists())
        raise ConvlensError(f"cannot make {out}: {file} is not a folder.") from None
    except OSError as error:
        raise _wrong(f"a name that the system takes ({error.strerror})", out) from None
    except UnicodeEncodeError as error:
        raise _wrong(f"a name that the system takes ({unencodable(error)})", out) from None
    except ValueError as error:  # a NUL
        raise _wrong(f"a name that the system takes ({error})", out) from None


def _wrong(rule: str, out: Path) -> UsageError:
    return UsageError(f"`--out` must be {rule}. Got {str(out)!r}.")
