"""The one door to Numba: every compiler flag is set, and explained, here. Must not know any kernel.

Flags, the same for all kernels:

fastmath     `nsz` (-0 is 0), `arcp` (x/y may become x * (1/y)), `contract` (x*y + z in one rounding), `afn`
             (approximate exp, log). Not `nnan` and `ninf`: NaN and infinity must come through, a diverged run
             has to be seen. Not `reassoc`: LLVM then sums a loop in vectors where two arrays are far enough
             apart and one by one where they are not, so the bits would depend on addresses.
error_model  "numpy": a division by zero gives inf or NaN instead of a Python exception, and no test for it.
boundscheck  False: buffers end in slack and indices come from shapes that the plan has checked.
nogil        True for kernels: several may run at once in Python threads.
parallel     Never: several threads are the business of `parallel.py`.
_nrt         False: no kernel makes an array, so nobody need count references to them.
no_…wrapper  No door from C (nobody uses it), and from Python only where Python calls: a tenth of compiling.
cache        on disk, through `cache.py`, for kernels; what only kernels call is a part of their code.
pipeline     for that the one of `linking.py`: no machine code, and no optimising apart from its kernel.
"""

from collections.abc import Callable
from typing import Any

from numba import njit

from convlens.kernels.runtime.cache import cached, never_kept
from convlens.kernels.runtime.linking import LinkedCompiler

__all__ = ["FASTMATH", "entry", "inner"]

FASTMATH = frozenset({"nsz", "arcp", "contract", "afn"})

Function = Callable[..., Any]


def entry(function: Function) -> Function:
    """Compile a function that Python calls."""
    return cached(_compiled(function, nogil=True))


def inner(function: Function) -> Function:
    """Compile a function that only kernels call."""
    linked = _compiled(function, no_cpython_wrapper=True, pipeline_class=LinkedCompiler)
    return never_kept(linked)


def _compiled(function: Function, **flags: Any) -> Function:
    """Compile lazily, at the first call with each set of argument types."""
    flags |= {"boundscheck": False, "no_cfunc_wrapper": True, "_nrt": False}
    compiled: Function = njit(fastmath=set(FASTMATH), error_model="numpy", **flags)(function)
    return compiled
