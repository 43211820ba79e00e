"""The threads that kernels run on: how many, and of which pool. Must not know any kernel.

The pool is ours (`workers.py`) wherever there are POSIX threads. On Windows, or where NUMBA_THREADING_LAYER
asks for it, it is one of Numba's (`numbas.py`): OpenMP's, TBB's, or its own workqueue.
"""

import os
import threading
from functools import cache
from numbers import Integral
from pathlib import Path
from types import ModuleType

import llvmlite.binding
import numba
from llvmlite.binding import ffi
from numba.core.compiler_lock import global_compiler_lock

from convlens.errors import ConvlensError, UsageError, shown
from convlens.kernels.runtime import posix, workers

__all__ = ["layer", "region", "resolve_threads", "spinning", "start", "threads_available"]

OURS = "convlens"

NOT_ASKED = ("default", "")
"""What Numba's variable says where the user leaves the choice to others."""

USUAL_MOST = 64
"""More threads than processors gain nothing, but somebody may want to see that the bits stay the same."""

_turns = threading.RLock()
_state = {"layer": "", "spin": "", "forked": ""}
_pool: list[ModuleType] = []


@cache
def threads_available() -> int:
    """Return how many threads this process may use: its CPU affinity and its control group."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(count, _quota(Path("/sys/fs/cgroup")) or count, numba.config.NUMBA_NUM_THREADS)


def _quota(root: Path) -> int | None:
    """Return how many processors the control group (version 2, or 1) allows, rounded; None for no limit."""
    for names in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        try:
            quota, period = " ".join((root / name).read_text(encoding="ascii") for name in names).split()
            if quota not in {"max", "-1"}:
                return max(1, round(int(quota) / int(period)))
        except (OSError, ValueError):
            pass  # not this version
    return None


def resolve_threads(threads: int | None) -> int:
    """Return the number of threads to use: all that are available, or as many as asked for."""
    if threads is None:
        return threads_available()
    most = _most()
    whole = isinstance(threads, Integral) and not isinstance(threads, bool)
    if not whole or not 1 <= threads <= most:
        raise UsageError(
            f"`threads` must be between 1 and {most}. Got {shown(threads)}. "
            "NUMBA_NUM_THREADS, set before the start, changes the limit."
        )
    return int(threads)


def _most() -> int:
    """Return the most threads that may be asked for; our pool has no limit but the one that is set."""
    most = int(numba.config.NUMBA_NUM_THREADS)
    ours = _state["layer"] == OURS or (not _state["layer"] and _ours())
    return max(most, USUAL_MOST) if ours and "NUMBA_NUM_THREADS" not in os.environ else most


def _ours() -> bool:
    """Say whether the pool will be ours."""
    return posix.available() and numba.config.THREADING_LAYER in NOT_ASKED


def start() -> None:
    """Choose the pool and start its threads, once a process; kernels need its name to load.

    Under the compiler's lock, as whoever compiles or loads a kernel holds that and comes here.
    """
    if not _state["layer"]:
        with global_compiler_lock:
            if not _state["layer"]:
                _start()


def _start() -> None:
    """Do what `start` promises."""
    pool: ModuleType = workers
    if not _ours():
        from convlens.kernels.runtime import numbas as pool  # noqa: PLC0415  (loads Numba's pools)
    name, _state["spin"], address = pool.start(threads_available(), _most())
    llvmlite.binding.add_symbol("convlens_in_shares", address)
    _pool[:] = [pool]
    _state["layer"] = name


def layer() -> str:
    """Return the name of the pool that was started: convlens, or Numba's omp, workqueue or tbb."""
    return _state["layer"]


def spinning() -> str:
    """Return how long workers wait before they sleep, or who decided it."""
    return _state["spin"]


class _Said(threading.local):
    """On how many threads this thread's kernels run; 0: it has not said."""

    threads = 0


_said = _Said()


class region:  # noqa: N801  # reads as what it is: with region(2)
    """Run kernels on this many threads (as `resolve_threads` returns them); behind it, on as many as before.

    Python threads may do so at once: our pool serves one of them at a time, and the others work alone.
    Numba's workqueue would abort the process, so it works behind a lock.

    Raises:
        ConvlensError: this process was forked from one in which Numba's threads were running.
    """

    __slots__ = ("_outer", "_threads")

    def __init__(self, threads: int) -> None:
        self._threads, self._outer = threads, 0

    def __enter__(self) -> None:
        if not _state["layer"]:
            start()
        if _state["forked"]:
            raise ConvlensError(
                f"Numba's {_state['forked']} was running when this process was forked, and its threads did "
                'not come along. Start processes with multiprocessing.get_context("spawn"), or unset '
                "NUMBA_THREADING_LAYER."
            )
        if _state["layer"] == "workqueue":
            _turns.acquire()
        self._outer, _said.threads = _said.threads, self._threads
        _pool[0].use(self._threads)

    def __exit__(self, *_: object) -> None:
        _said.threads = self._outer
        if self._outer != self._threads:
            _pool[0].use(self._outer)
        if _state["layer"] == "workqueue":
            _turns.release()


def _before_fork() -> None:
    """Wait while another thread compiles or is in LLVM: the child would wait for it for ever."""
    global_compiler_lock.acquire()
    ffi.lib._lock.__enter__()  # noqa: SLF001  # no public seam; given back after the fork


def _forked() -> None:
    """Give back what was taken before."""
    ffi.lib._lock.__exit__(None, None, None)  # noqa: SLF001
    global_compiler_lock.release()


def _after_fork() -> None:
    """Give a forked child a pool without workers; it starts its own. Numba's cannot."""
    if _state["layer"] == OURS:
        _pool[0].reset()
    else:
        _state["forked"] = _state["layer"]
    _forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_forked, after_in_child=_after_fork)
