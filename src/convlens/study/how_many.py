"""How many runs at once pay on this machine: its cores and its memory. Must not know who makes them."""

import multiprocessing
from collections.abc import Sequence
from contextlib import suppress
from math import prod
from pathlib import Path

from convlens.arguments import as_annotated
from convlens.networks.engines import why_no_kernels
from convlens.study.planned import Planned

__all__ = ["free_memory", "needed_memory", "workers_for"]

_PROCESS = 350 << 20
"""Bytes of a process that trains on MNIST: Python, NumPy, Numba and the images; measured: 290 MiB."""

_JUDGED = 250  # pictures that go through a network together
_COPIES = 8  # bytes of an activation, and of its derivative
_VECTORS = 24  # bytes of a parameter: itself, its gradient, the optimizer's memory and what is being written


@as_annotated
def workers_for(missing: Sequence[Planned]) -> int:
    """Return how many processes of one thread each shall make these runs; 1: this process, on all threads.

    As many as there are cores that this process may use, runs to be made, and room for in memory; 1 where the
    system has nothing by which processes wait for each other, as without /dev/shm.
    """
    if len(missing) <= 1 or not _can_wait_for_each_other():
        return 1
    cores = min(_cores(), len(missing))
    free = free_memory(Path("/"))
    if free is None:
        return cores
    return max(1, min(cores, free // max(map(needed_memory, missing))))


def _cores() -> int:
    """Return how many processors this process may use: its affinity, its control group, and Numba's bound."""
    if why_no_kernels():
        from loky import cpu_count  # noqa: PLC0415 (lazy)

        return int(cpu_count())
    from convlens.kernels.runtime.threads import threads_available  # noqa: PLC0415 (Numba: half a second)

    return threads_available()


def _can_wait_for_each_other() -> bool:
    try:
        multiprocessing.Lock()
    except (ImportError, OSError):
        return False
    return True


def needed_memory(planned: Planned) -> int:
    """Return roughly how many bytes a process takes that makes this run."""
    network, config = planned.config.network, planned.config
    activations = prod(network.input_shape) + sum(prod(row.output_shape) for row in network.table)
    pictures = max(_JUDGED, config.batch_size)
    return _PROCESS + _COPIES * pictures * activations + _VECTORS * network.n_parameters


def free_memory(root: Path) -> int | None:
    """Return how many bytes new processes may take, as the system and the control group say; None: unknown.

    Args:
        root: of the file system in which Linux tells of itself.
    """
    found = [size for size in (_of_system(root), _of_group(root / "sys/fs/cgroup")) if size is not None]
    return min(found, default=None)


def _of_system(root: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in (root / "proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    return None


def _of_group(folder: Path) -> int | None:
    """Return what the control group (version 2) has left; files in the cache count as free."""
    with suppress(OSError, ValueError):
        most = int((folder / "memory.max").read_text(encoding="ascii"))
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
        cached = sum(int(line.split()[1]) for line in lines if line.startswith("inactive_file "))
        return max(0, most - used + cached)
    return None
