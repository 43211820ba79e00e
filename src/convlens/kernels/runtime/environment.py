"""Whether kernels can run: Numba is there, and what its environment variables ask for can be had.

Must not know any kernel. Where Numba cannot be loaded (there is none for this machine, it is damaged, its
NumPy is another) one error says why. Of its variables it ends in a traceback at some, warns with another at
others and goes on with its default, and leaves the names of processors to LLVM, which aborts: what no kernel
can run with is refused in one line.
"""

import os
import re
import warnings
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import NoReturn

from convlens.errors import MissingEngineError, UsageError

__all__ = ["NUMBA", "require_usable"]

NUMBA = "0.68"
"""The versions of Numba, as in pyproject.toml: its cache and its vector types have private names."""

_PARTS = {
    "numba": ("__version__", "njit", "config"),
    "numba.extending": ("intrinsic",),
    "numba.core.caching": ("FunctionCache", "IndexDataCacheFile"),
}
"""What a whole one has, of what kernels are made with: a folder that pip could not empty is imported, too."""

_LONGEST_REASON = 200  # letters: llvmlite lists every place where it has looked for its library

_MOST_THREADS = 4096
_LAYERS = ("tbb", "omp", "workqueue")
_NOT_PARSED = re.compile(
    r"Environment variable '(\w+)' is defined but its associated value '(.*?)' could not"
)


def require_usable(environment: Mapping[str, str] = os.environ) -> None:
    """Import Numba, if it is not yet, under what the environment asks of it.

    Raises:
        MissingEngineError: Numba, or the LLVM that it compiles with, cannot be loaded, or is another version.
        UsageError: a variable of Numba's has a value that it or our kernels cannot work with.
    """
    _require("llvmlite.binding")
    for name, rule in _RULES.items():
        value = environment.get(name)
        if value is not None:
            rule(name, value)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", RuntimeWarning)
        for name in _PARTS:  # what Numba says while it is imported is to be heard
            _require(name)
    for warning in said:
        found = _NOT_PARSED.match(str(warning.message))
        if found is not None:
            _refuse(found[1], "a value that Numba can read", found[2])
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


def _require(name: str) -> None:
    """Import a package, or say why that cannot be done."""
    if reason := _missing(name):
        raise MissingEngineError(
            f"kernels need Numba {NUMBA}, which cannot be loaded here ({reason}): install it where there is "
            'one for this machine (none for a Mac with an Intel processor), or take engine="layers".',
            reason,
        )


@cache
def _missing(name: str) -> str:
    """Return why a package cannot be had, or ""; asked once, as a second attempt fails at another place."""
    try:
        found = import_module(name)
    except Exception as error:  # noqa: BLE001 (a damaged package may raise anything)
        reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        return reason if len(reason) <= _LONGEST_REASON else f"{reason[:_LONGEST_REASON]}…"
    for part in _PARTS.get(name, ()):
        if not hasattr(found, part):
            return f"{name} has no {part}, so it is not whole"
    if name == "numba" and not f"{found.__version__}.".startswith(f"{NUMBA}."):
        return f"Numba {found.__version__} is installed"
    return ""


def _refuse(name: str, rule: str, value: str) -> NoReturn:
    shown = value if len(value) <= 40 else f"{value[:40]}…"
    raise UsageError(f"`{name}` of the environment must be {rule}. Got {shown!r}: unset it.")


def _threads(name: str, value: str) -> None:
    if not re.fullmatch(r"\s*\+?\d{1,9}\s*", value) or not 1 <= int(value) <= _MOST_THREADS:
        _refuse(name, f"an int between 1 and {_MOST_THREADS:,}", value)


def _no_interpreting(name: str, value: str) -> None:
    """Kernels are made of what only a compiler knows; Python cannot run them."""
    if value.strip() != "0":
        _refuse(name, "0, or not set, as the kernels have to be compiled", value)


def _this_processor(name: str, value: str) -> None:
    """LLVM only says on stderr that it does not know a name, and then computes for some processor."""
    from llvmlite.binding import get_host_cpu_name  # noqa: PLC0415 (may be missing)

    own = get_host_cpu_name()
    if value not in {own, "generic"}:
        _refuse(name, f"{own}, which this processor is, or generic", value)


def _known_features(name: str, value: str) -> None:
    """LLVM aborts the process at others."""
    from llvmlite.binding import get_host_cpu_features  # noqa: PLC0415 (as above)

    known = get_host_cpu_features()
    for feature in filter(None, value.split(",")):
        if feature[0] not in "+-" or feature[1:] not in known:
            _refuse(name, "a list such as +avx2,-avx512f of features that this processor's kind has", value)


def _all_layers(name: str, value: str) -> None:
    if sorted(value.split()) != sorted(_LAYERS):
        _refuse(name, f"these three in some order: {' '.join(_LAYERS)}", value)


_RULES = {
    "NUMBA_NUM_THREADS": _threads,
    "NUMBA_DISABLE_JIT": _no_interpreting,
    "NUMBA_CPU_NAME": _this_processor,
    "NUMBA_CPU_FEATURES": _known_features,
    "NUMBA_THREADING_LAYER_PRIORITY": _all_layers,
}
