"""A stranger's file checked in a process of its own, with bounds. Must not know what is checked.

What is bounded: time, memory, the size of a file that it writes, and what it prints, which goes nowhere. What
it starts ends with it: by its group, and on Linux by a mark in its environment, which a process keeps that
has left the group. What is not: it runs as whoever runs the check, and may read and delete what they may.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convlens.arguments import AnyPath, as_annotated
from convlens.check.source import MOST
from convlens.check.submission import Submission
from convlens.check.told import NAME, read_told
from convlens.errors import UsageError, shown
from convlens.files import explained, path_of, read_bytes

__all__ = ["ONE_THREAD", "SUFFIXES", "Bounds", "check_file", "end"]

SUFFIXES = (".py", ".ipynb")
"""What is checked."""

_MARK = "CONVLENS_CHECK"
_ROUNDS = 20

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}


@dataclass(frozen=True)
class Bounds:
    """What the check of one file may use.

    Attributes:
        seconds: of a clock.
        mebibytes: of memory.
    """

    seconds: int = 30
    mebibytes: int = 2048


@as_annotated
def check_file(file: AnyPath, only: str | None = None, bounds: Bounds | None = None) -> Submission:
    """Return what is wrong in a file that somebody wrote: the file is run, in a process of its own.

    Args:
        file: a .py file or a notebook; a `check.toml` beside it says how its classes are made.
        only: the one class to check; None for all.
        bounds: what the check may use.

    Raises:
        UsageError: the file is neither, or its `check.toml` cannot be read.
        ConvlensError: the file cannot be read.
    """
    bounds, file = bounds or Bounds(), path_of(file, "file", "check_file")
    if file.suffix not in SUFFIXES:
        raise UsageError(f"`file` of check_file must end in {' or '.join(SUFFIXES)}. Got {shown(str(file))}.")
    with explained("read", file):
        read_bytes(file, MOST)
    told = file.absolute().parent / NAME
    read_told(told)
    with tempfile.TemporaryDirectory(prefix="convlens-check-", ignore_cleanup_errors=True) as folder:
        result = Path(folder) / "result.json"
        work = Path(folder) / "work"
        work.mkdir()
        task = {
            "file": str(file.absolute()),
            "only": only,
            "told": str(told),
            "result": str(result),
            "seconds": bounds.seconds,
            "mebibytes": bounds.mebibytes,
        }
        code = _run(task, work, bounds)
        return _read(file, result, code, bounds)


def _run(task: dict[str, Any], work: Path, bounds: Bounds) -> int | None:
    """Run the worker; return its exit code, or None where its time was over."""
    mark = f"{_MARK}={secrets.token_hex(16)}"
    process = subprocess.Popen(
        [sys.executable, "-m", "convlens.check.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=work,
        env={
            **os.environ,
            **ONE_THREAD,
            "PYTHONDONTWRITEBYTECODE": "1",
            "MPLBACKEND": "agg",
            _MARK: mark.partition("=")[2],
        },
        start_new_session=True,
    )
    try:
        process.communicate(json.dumps(task).encode(), timeout=bounds.seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        end(process)
        _end_marked(mark.encode())
    return process.returncode


def end(process: "subprocess.Popen[bytes]") -> None:
    """End the process, and those that it has started."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _end_marked(mark: bytes) -> None:
    """End what was started with this mark in its environment, until none is left: they may start others."""
    for _ in range(_ROUNDS):
        found = list(_marked(mark))
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not found:
            return


def _marked(mark: bytes) -> Iterator[int]:
    """Yield the processes with a mark in their environment; none where there is no /proc."""
    for place in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it has ended, or is somebody else's
            if mark in place.read_bytes():
                yield int(place.parent.name)


def _read(file: Path, result: Path, code: int | None, bounds: Bounds) -> Submission:
    if code is None or (os.name == "posix" and code == -signal.SIGXCPU):
        return Submission(str(file), ended="too_long", values={"n": str(bounds.seconds)})
    try:
        found = Submission.from_dict(json.loads(read_bytes(result, MOST)))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Submission(str(file), ended="left", values={"code": str(code)})
    return Submission(str(file), found.outcomes, found.not_made, found.cells, found.ended, found.values)
