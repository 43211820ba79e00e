"""The machine: threads, SIMD width, the threading layer, facts for `convlens doctor`.

Must not know any kernel.

Waiting workers: OpenMP's threads spin between two parallel regions before they sleep. Spinning long starves
other processes, sleeping at once costs a wake-up in each region; GOMP_SPINCOUNT=3000, some microseconds, is
right for kernels that follow each other closely. libgomp reads it once, when it is loaded.
"""

import os
import platform
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from numbers import Integral
from pathlib import Path

import llvmlite.binding
import numba

from convlens.errors import ConvlensError, UsageError
from convlens.kernels import cache as disk

__all__ = ["PARTS", "facts", "lanes", "region", "registers", "threads_available"]

PARTS = 8
"""Into how many parts work over samples is split; part of the configuration: float sums depend on it."""

SPIN_COUNT = "3000"

_lock = threading.RLock()
_state = {"layer": "", "spin": "", "forked": ""}


def _features() -> dict[str, bool]:
    """Return the CPU's features by their LLVM names."""
    return dict(llvmlite.binding.get_host_cpu_features())


@cache
def lanes() -> int:
    """Return how many float32 fit into this CPU's widest vector; CONVLENS_LANES overrides it (4, 8, 16)."""
    override = os.environ.get("CONVLENS_LANES")
    if override:
        if override not in {"4", "8", "16"}:
            raise UsageError(f"CONVLENS_LANES must be 4, 8 or 16. Got {override}.")
        return int(override)
    features = _features()
    return 16 if features.get("avx512f") else 8 if features.get("avx2") else 4


@cache
def registers() -> int:
    """Return how many vector registers a tile may be spread over: 32 with AVX-512 or on ARM, else 16."""
    if platform.machine().lower() in {"aarch64", "arm64"} or _features().get("avx512vl"):
        return 32
    return 16


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
            f"`threads` must be between 1 and {most}. Got {threads!r}. "
            "NUMBA_NUM_THREADS, set before the start, raises the limit."
        )
    return int(threads)


def _start() -> None:
    """Choose the threading layer and start its threads, once a process."""
    if _state["layer"]:
        return
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


@contextmanager
def region(threads: int) -> Iterator[None]:
    """Run kernels on this many threads.

    The workqueue layer aborts the process if two Python threads use it at once, so it works behind a lock.

    Raises:
        ConvlensError: this process was forked from one whose worker threads were running.
    """
    if not _state["layer"]:
        with _lock:
            _start()
    if _state["forked"]:
        raise ConvlensError(
            "The engine was running when this process was forked, and its threads did not come along. "
            'Start processes with multiprocessing.get_context("spawn").'
        )
    if _state["layer"] == "workqueue":
        with _lock:
            numba.set_num_threads(threads)
            yield
        return
    numba.set_num_threads(threads)
    yield


def _after_fork() -> None:
    """Note in a forked child that the workers are gone."""
    _state["forked"] = _state["layer"]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def facts() -> dict[str, str | int]:
    """Return what decides about speed on this machine, for `convlens doctor`."""
    with region(threads_available()):
        pass
    return {
        "cpu": str(llvmlite.binding.get_host_cpu_name()),
        "lanes": lanes(),
        "registers": registers(),
        "threading layer": _state["layer"],
        "threads": threads_available(),
        "spin count": _state["spin"] if _state["layer"] == "omp" else "not used",
        "cache": str(disk.folder() or "none: no private folder could be made"),
        "blas": "not used: matrix products are kernels of convlens",
        "numba": str(numba.__version__),
        "llvm": ".".join(map(str, llvmlite.binding.llvm_version_info)),
        "python": sys.version.split()[0],
    }
