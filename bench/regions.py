"""What a parallel region costs: our pool of threads and Numba's, on 1 thread and on more.

python bench/regions.py [POOL ...]           default: convlens omp workqueue

Microseconds a region of 8 and of 64 shares, the least of rounds in which pools take turns, a process each:

empty      shares that do nothing: what the pool itself costs. Whoever begins may end before others wake.
working    shares of about a microsecond, beyond the time of one thread divided by the threads: what the work
           of a region pays for being divided.

A pool that is not to be had here (OpenMP without libgomp) is left out.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from arguments import names

POOLS = ("convlens", "omp", "workqueue")
PROCESSES, ROUNDS, REGIONS, WORK = 3, 200, 50, 1000
SHARES = (8, 64)
SOURCE = str(Path(__file__).parent.parent / "src")


def kernel() -> Any:
    """Return regions(out, count, shares, work), which runs that many regions."""
    from convlens.kernels.runtime.compiler import entry, inner
    from convlens.kernels.runtime.parallel import in_shares

    @inner
    def share(t: int, shares: int, out: Any, work: int) -> None:
        x = out[t * 16]
        for _ in range(work):
            x = x * 0.5 + shares
        out[t * 16] = x

    @entry
    def regions(out: Any, count: int, shares: int, work: int) -> None:
        for _ in range(count):
            in_shares(share, shares, (out, work))

    return regions


def measure() -> dict[str, float]:
    """Return the microseconds of a region in this process."""
    import numpy as np

    from convlens.kernels.runtime.threads import region, threads_available

    regions, available = kernel(), threads_available()
    out, least = np.zeros(16 * max(SHARES)), {}

    def best(threads: int, shares: int, work: int) -> float:
        rounds = []
        with region(threads):
            for _ in range(ROUNDS):
                start = time.perf_counter()
                regions(out, REGIONS, shares, work)
                rounds.append((time.perf_counter() - start) / REGIONS * 1e6)
        return min(rounds)

    for threads in sorted({1, available, *(n for n in (2, 4, 8, 16, 32) if n < available)}):
        for shares in SHARES:
            name = f"{shares} shares, {threads} thread{'s' if threads > 1 else ''}"
            least[f"empty,   {name}"] = best(threads, shares, 0)
            if threads > 1:
                alone = best(1, shares, WORK)
                least[f"working, {name}"] = best(threads, shares, WORK) - alone / min(threads, shares)
    return least


def in_turn(pools: list[str]) -> dict[str, dict[str, float]]:
    """Return the least of some rounds for each pool that there is."""
    best: dict[str, dict[str, float]] = {}
    for _ in range(PROCESSES):
        for pool in pools:
            asked = {"NUMBA_THREADING_LAYER": "default" if pool == "convlens" else pool, "PYTHONPATH": SOURCE}
            done = subprocess.run(
                [sys.executable, __file__, "--worker"],
                env=os.environ | asked,
                stdout=subprocess.PIPE,
                text=True,
                check=False,
            )
            if done.returncode == 0:
                found = json.loads(done.stdout)
                best[pool] = {name: min(found[name], best.get(pool, found)[name]) for name in found}
    return best


if __name__ == "__main__":
    if "--worker" in sys.argv:
        print(json.dumps(measure()))
        sys.exit()
    table = in_turn(names(__doc__, "POOL", POOLS, POOLS))
    print("load", os.getloadavg())
    for row in next(iter(table.values())):
        print(f"{row:32}", *(f"{pool} {found[row]:.2f}" for pool, found in table.items()), sep="   ")
