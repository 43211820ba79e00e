"""The machine: SIMD width, registers, facts for `convlens doctor`. Must not know any kernel."""

import os
import platform
import sys
from functools import cache

import llvmlite.binding
import numba

from convlens.errors import UsageError
from convlens.kernels.runtime import cache as disk
from convlens.kernels.runtime import threads

__all__ = ["facts", "lanes", "registers"]


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
    return 16 if features.get("avx512f") else 8 if features.get("avx2") else 4  # NEON, SSE


@cache
def registers() -> int:
    """Return how many vector registers a tile may be spread over: 32 with AVX-512 or on ARM, else 16."""
    if platform.machine().lower() in {"aarch64", "arm64"} or _features().get("avx512vl"):
        return 32
    return 16


def facts() -> dict[str, str | int]:
    """Return what decides about speed on this machine, for `convlens doctor`."""
    threads.start()
    return {
        "cpu": str(llvmlite.binding.get_host_cpu_name()),
        "lanes": lanes(),
        "registers": registers(),
        "threading layer": threads.layer(),
        "threads": threads.threads_available(),
        "spin count": threads.spinning(),
        "cache": str(disk.folder() or "none: no private folder could be made"),
        "new kernels": f"not kept: {why}" if (why := disk.unwritable()) else "kept",
        "blas": "not used: matrix products are kernels of convlens",
        "numba": str(numba.__version__),
        "llvm": ".".join(map(str, llvmlite.binding.llvm_version_info)),
        "python": sys.version.split()[0],
    }
