"""Processes that compile kernels beside this one. Must not know which kernels.

Numba compiles one function at a time in a process, so side by side means several processes. They are started
as a program of their own, never as a copy of this one: whatever this process is (a script without a guard, a
notebook, a server), nothing of it runs twice. What they have compiled is in the cache on disk; they answer
nothing. A helper ends when it is done, when it is told to, and when this process ends in any way: its input
is a pipe that only this process writes to.
"""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from convlens.kernels.runtime import cache
from convlens.kernels.runtime.sealed import clear_up_behind
from convlens.kernels.runtime.threads import threads_available

__all__ = ["Helpers", "end_with_parent", "how_many"]

MOST = 3
"""More serve no network: each takes a second to start, and the largest kernel is a fifth of it."""

_PROGRAM = (
    "import json, sys\n"
    "told = json.loads(sys.stdin.readline())\n"
    "sys.path[:] = told.pop('path')\n"
    "from convlens.engine.beside import begin\n"
    "begin(told)\n"
)


def how_many(tasks: int, threads: int | None = None, most: int = MOST) -> int:
    """Return how many helpers are worth it for so many tasks, which this process takes part in.

    None where nothing can be kept, so that nobody would see what they do; in a worker of somebody's pool,
    whose others are the helpers; and where this process is no Python that can be started once more.

    Args:
        tasks: to be done, by all together.
        threads: as many as the user allows; None for all that this process may use.
        most: never more.
    """
    count = max(0, min(most, (threads or threads_available()) - 1, tasks - 1))
    alone = multiprocessing.parent_process() is not None or not _is_python() or (count and cache.unwritable())
    return 0 if alone else count


def _is_python() -> bool:
    """Say whether `sys.executable` runs Python: in an application that embeds it, it is that application."""
    name = Path(sys.executable or "").name.lower()
    return name.startswith(("python", "pypy")) and not hasattr(sys, "frozen")


class Helpers:
    """Some helpers, which end with the block at the latest.

    Args:
        count: how many; fewer, or none, where the system starts no more.
        told: what `begin` of `beside.py` gets, as JSON can write it; with it each gets its `rank`.
    """

    def __init__(self, count: int, told: Mapping[str, Any]) -> None:
        self._processes: list[subprocess.Popen[bytes]] = []
        for rank in range(count):
            with suppress(OSError, ValueError):
                self._processes.append(_started({**told, "rank": rank, "helpers": count}))

    def __len__(self) -> int:
        return len(self._processes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End those that are left, and clear up what they were writing."""
        processes, self._processes = self._processes, []
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()
            if process.stdin:
                with suppress(OSError):
                    process.stdin.close()
            if (where := cache.folder()) is not None:
                clear_up_behind(where, process.pid)

    def wait(self) -> None:
        """Wait until all are done."""
        for process in self._processes:
            process.wait()


def _started(told: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    """Start one helper, isolated from what lies in the working folder, and from Python's own settings."""
    posix = os.name == "posix"
    process = subprocess.Popen(  # noqa: S603 (this very Python, and a program that stands above)
        [sys.executable, "-I", "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NUMBA_NUM_THREADS": "1"},  # it runs next to nothing
        start_new_session=posix,  # a terminal's Ctrl-C is this process's business
        creationflags=0 if posix else getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    path = [entry for entry in sys.path if isinstance(entry, str)]
    if process.stdin:
        with suppress(OSError):  # it has ended already, and so helps nobody
            process.stdin.write(json.dumps({**told, "path": path}).encode() + b"\n")
            process.stdin.flush()
    return process


def end_with_parent() -> None:
    """End this process, a helper, with the one that started it."""

    def wait() -> None:
        with suppress(OSError):
            sys.stdin.buffer.read()
        os._exit(1)

    threading.Thread(target=wait, name="convlens parent", daemon=True).start()
