"""Numba's own pools of threads, where ours cannot be or the user asks for one of them.

Must not know any kernel. A region on them: `numbas.ll`.

Waiting workers: OpenMP's threads spin between two parallel regions before they sleep. Spinning long starves
other processes, sleeping at once costs a wake-up in each region; GOMP_SPINCOUNT=3000, some microseconds, is
right for kernels that follow each other closely. libgomp reads it once, when it is loaded.
"""

import os
from importlib import import_module
from pathlib import Path

import numba
from llvmlite.binding import address_of_symbol
from numba.np.ufunc import parallel

from convlens.errors import UsageError
from convlens.kernels.runtime.assembly import Assembled

__all__ = ["start", "use"]

SPIN_COUNT = "3000"

_code: list[Assembled] = []
_usual: list[int] = []


def start(threads: int, most: int) -> tuple[str, str, int]:
    """Choose one of Numba's pools and start its threads.

    Args:
        threads: how many run where nobody says how many.
        most: the most that anybody may ask for.

    Returns:
        The pool's name, who set its spin count, and the address of the C function that runs a region.
    """
    before = os.environ.get("GOMP_SPINCOUNT")
    given = before or os.environ.get("OMP_WAIT_POLICY")
    if not given:
        os.environ["GOMP_SPINCOUNT"] = SPIN_COUNT
    loaded = _libgomp_loaded()
    spin = "loaded before convlens, as found" if loaded else f"{given}, as found" if given else "set"
    if numba.config.THREADING_LAYER in {"default", ""}:
        numba.config.THREADING_LAYER = "omp" if _has_openmp() else "workqueue"
    try:
        _usual[:] = [min(threads, most)]
        numba.set_num_threads(_usual[0])
    except ValueError:  # unknown, or not installed
        asked = str(numba.config.THREADING_LAYER)
        raise UsageError(
            f"Numba has no threading layer {asked!r} here: unset NUMBA_THREADING_LAYER."
        ) from None
    name = str(numba.threading_layer())  # which one "forksafe" or "OMP" has become
    if before is None:  # programs that this one starts shall find their environment as it was
        os.environ.pop("GOMP_SPINCOUNT", None)
    called = ("numba_parallel_for", "get_num_threads")  # the first as in Numba 0.68
    _code[:] = [Assembled("numbas", "", {function: address_of_symbol(function) for function in called})]
    return name, spin if name == "omp" else "not used", _code[0]["region"]


def use(threads: int) -> None:
    """Run this thread's regions on so many threads from now on; 0: on as many as there are for who is silent.

    Numba's public way takes a microsecond longer.
    """
    parallel._set_num_threads(threads or _usual[0])  # noqa: SLF001


def _libgomp_loaded() -> bool:
    """Say whether another package has loaded libgomp already, so that it will not read our spin count."""
    try:
        return "libgomp" in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _has_openmp() -> bool:
    """Say whether Numba's OpenMP layer loads."""
    try:
        import_module("numba.np.ufunc.omppool")  # loads libgomp, so not before the spin count is set
    except ImportError:
        return False
    return True
