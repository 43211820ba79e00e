"""The one way to Numba's compiler: every flag is set, and explained, here. Must not know any kernel.

Flags, the same for all kernels:

fastmath     `nsz` (-0 is 0), `arcp` (x/y may become x * (1/y)), `contract` (x*y + z in one rounding), `afn`
             (approximate exp, log). Not `nnan` and `ninf`: NaN and infinity must come through, a diverged run
             has to be seen. Not `reassoc`: LLVM then sums a loop in vectors where two arrays are far enough
             apart and one by one where they are not, so the bits would depend on addresses.
error_model  "numpy": a division by zero gives inf or NaN instead of a Python exception, and no test for it.
boundscheck  False: buffers end in slack and indices come from shapes that the plan has checked.
nogil        True for what runs a tape: several may run at once in Python threads.
parallel     Never: several threads are the business of `parallel.py`.
_nrt         False: no kernel makes an array, so nobody need count references to them.
no_…wrapper  No door from C (nobody uses it), and Numba's own from Python only for what runs a tape.
"""

from collections.abc import Callable
from typing import Any

from numba import njit

__all__ = ["FASTMATH", "compiled"]

FASTMATH = frozenset({"nsz", "arcp", "contract", "afn"})


def compiled(**flags: Any) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator that compiles a function lazily, once for each set of argument types."""
    flags |= {"boundscheck": False, "no_cfunc_wrapper": True, "_nrt": False}
    make: Callable[[Callable[..., Any]], Any] = njit(fastmath=set(FASTMATH), error_model="numpy", **flags)
    return make
