"""The C library's threads, where the system has them. Must not know what they are for."""

import ctypes
import os

__all__ = ["address", "available", "call", "set_own", "tells_processor"]

NAMES = (
    "clock_gettime",
    "pthread_cond_init",
    "pthread_cond_signal",
    "pthread_cond_wait",
    "pthread_getspecific",
    "pthread_key_create",
    "pthread_mutex_init",
    "pthread_mutex_lock",
    "pthread_mutex_unlock",
    "pthread_setspecific",
)


def _library() -> ctypes.CDLL | None:
    """Return what this process is linked with, or None where something is missing."""
    if os.name != "posix":
        return None
    try:
        library = ctypes.CDLL(None)
    except OSError:
        return None
    return library if all(hasattr(library, name) for name in NAMES) else None


LIBRARY = _library()


def available() -> bool:
    """Say whether all of them are there."""
    return LIBRARY is not None


def tells_processor() -> bool:
    """Say whether a thread can ask on which processor it is (Linux)."""
    return LIBRARY is not None and hasattr(LIBRARY, "sched_getcpu")


def address(name: str) -> int:
    """Return where a function is."""
    return ctypes.cast(getattr(LIBRARY, name), ctypes.c_void_p).value or 0


def call(name: str, *args: object) -> int:
    """Call a function with addresses and whole numbers; return its result."""
    function = ctypes.CFUNCTYPE(ctypes.c_size_t, *[ctypes.c_void_p] * len(args))(address(name))
    return int(function(*args))


set_own = (
    ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p)(address("pthread_setspecific"))
    if LIBRARY
    else lambda _key, _value: 0
)
"""Keep a number for this thread, under a key; called for each batch, so made once."""
