"""The two kinds of kernels. Must not know any of them.

An `entry` is what Python calls, or records on a tape (`tapes.py`); it has a door (`doors.py`), and `cache.py`
keeps its code on disk. An `inner` is called by machine code alone, and is a part of the code of each kernel
that calls it (`linking.py`). Flags of the compiler are in `flags.py`.
"""

from collections.abc import Callable
from typing import Any

from convlens.kernels.runtime.cache import cached, never_kept
from convlens.kernels.runtime.doors import WithDoor
from convlens.kernels.runtime.flags import FASTMATH, compiled
from convlens.kernels.runtime.linking import LinkedCompiler
from convlens.kernels.runtime.tapes import Kernel

__all__ = ["FASTMATH", "entry", "inner"]

Function = Callable[..., Any]


def entry(function: Function) -> Kernel:
    """Compile a function that Python calls; it returns nothing, or a whole number."""
    return Kernel(cached(compiled(pipeline_class=WithDoor)(function)))


def inner(function: Function) -> Function:
    """Compile a function that only kernels call."""
    linked = compiled(no_cpython_wrapper=True, pipeline_class=LinkedCompiler)(function)
    return never_kept(linked)
