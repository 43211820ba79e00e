"""The threads that kernels run on: how many, which of Numba's layers, and what a fork does to them.

Must not know any kernel.

Waiting workers: OpenMP's threads spin between two parallel regions before they sleep. Spinning long starves
other processes, sleeping at once costs a wake-up in each region; GOMP_SPINCOUNT=3000, some microseconds, is
right for kernels that follow each other closely. libgomp reads it once, when it is loaded.
"""

import os
import threading
from functools import cache
from importlib import import_module
from numbers import Integral
from pathlib import Path

import numba
from numba.np.ufunc import parallel as pool

from convlens.errors import ConvlensError, UsageError, shown

__all__ = ["layer", "region", "resolve_threads", "spinning", "start", "threads_available"]

SPIN_COUNT = "3000"

_lock = threading.RLock()
_state = {"layer": "", "spin": "", "forked": ""}


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
    most = int(numba.config.NUMBA_NUM_THREADS)
    whole = isinstance(threads, Integral) and not isinstance(threads, bool)
    if not whole or not 1 <= threads <= most:
        raise UsageError(
            f"`threads` must be between 1 and {most}. Got {shown(threads)}. "
            "NUMBA_NUM_THREADS, set before the start, raises the limit."
        )
    return int(threads)


def start() -> None:
    """Choose the threading layer and start its threads, once a process; kernels need its symbols to load."""
    if not _state["layer"]:
        with _lock:
            if not _state["layer"]:
                _start()


def layer() -> str:
    """Return the name of the threading layer that was started: omp, workqueue or tbb."""
    return _state["layer"]


def spinning() -> str:
    """Return who decided how long OpenMP's workers wait before they sleep."""
    return _state["spin"] if _state["layer"] == "omp" else "not used"


def _start() -> None:
    """Do what `start` promises."""
    before = os.environ.get("GOMP_SPINCOUNT")
    asked = before or os.environ.get("OMP_WAIT_POLICY")
    if not asked:
        os.environ["GOMP_SPINCOUNT"] = SPIN_COUNT
    loaded = _libgomp_loaded()
    _state["spin"] = (
        "loaded before convlens, as found" if loaded else f"{asked}, as found" if asked else "set"
    )
    if numba.config.THREADING_LAYER == "default":
        numba.config.THREADING_LAYER = "omp" if _has_openmp() else "workqueue"
    try:
        numba.set_num_threads(threads_available())
    except ValueError:  # unknown, or not installed
        asked = numba.config.THREADING_LAYER
        raise UsageError(
            f"Numba has no threading layer {asked!r} here: unset NUMBA_THREADING_LAYER."
        ) from None
    _state["layer"] = str(numba.config.THREADING_LAYER)
    if before is None:  # programs that this one starts shall find their environment as it was
        os.environ.pop("GOMP_SPINCOUNT", None)


def _libgomp_loaded() -> bool:
    """Say whether another package has loaded libgomp already, so that it will not read our spin count."""
    try:
        return "libgomp" in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _has_openmp() -> bool:
    """Say whether Numba's OpenMP layer loads; its wheel needs the system's libgomp."""
    try:
        import_module("numba.np.ufunc.omppool")  # loads libgomp, so not before the spin count is set
    except ImportError:
        return False
    return True


class region:  # noqa: N801  # reads as what it is: with region(2)
    """Run kernels on this many threads (as `resolve_threads` returns them).

    The workqueue layer aborts the process if two Python threads use it at once, so it works behind a lock.
    A class and Numba's private setter, because a prediction takes 10 microseconds and the public ways 1.5.

    Raises:
        ConvlensError: this process was forked from one whose worker threads were running.
    """

    __slots__ = ("_threads",)

    def __init__(self, threads: int) -> None:
        self._threads = threads

    def __enter__(self) -> None:
        if not _state["layer"]:
            start()
        if _state["forked"]:
            raise ConvlensError(
                "The engine was running when this process was forked, and its threads did not come along. "
                'Start processes with multiprocessing.get_context("spawn").'
            )
        if _state["layer"] == "workqueue":
            _lock.acquire()
        pool._set_num_threads(self._threads)  # noqa: SLF001

    def __exit__(self, *_: object) -> None:
        if _state["layer"] == "workqueue":
            _lock.release()


def _after_fork() -> None:
    """Note in a forked child that the workers are gone."""
    _state["forked"] = _state["layer"]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
