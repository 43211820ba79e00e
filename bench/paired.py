"""A training step of this checkout against another checkout of convlens, alternating in one run.

python bench/paired.py CHECKOUT [NETWORK:BATCH:THREADS ...]     default: the networks of the documentation

Prints for each case the median of the ratios (this / CHECKOUT) over pairs of processes, with its 95 %
interval by order statistics. Each pair is started anew: where the system puts a process's memory may alone
make the same code some per cent faster or slower for as long as it lives, so two processes that live through
all rounds measure their luck, too. Each checkout runs its own `bench/worker.py`.
"""

import argparse
import subprocess
import sys
from math import comb
from pathlib import Path
from statistics import median

from compare import HERE, ask, environment, wait_until_idle

CASES = ["simple:100:2", "lenet:100:2", "deep:100:2", "simple:256:2", "simple:100:1", "lenet:100:1"]
PAIRS, ROUNDS, SECONDS = 20, 4, 0.15


def start(checkout: Path, case: str) -> subprocess.Popen[str]:
    """Start one checkout's worker and wait until it is warm."""
    settings = environment(int(case.split(":")[2])) | {"PYTHONPATH": str(checkout / "src")}
    command = [sys.executable, str(checkout / "bench" / "worker.py"), "ours", *case.split(":")]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=settings)
    if not process.stdout or process.stdout.readline().strip() != "ready":
        sys.exit(f"{checkout} does not run {case}.")
    return process


def interval(ratios: list[float]) -> tuple[float, float]:
    """Return the 95 % interval of the median: the order statistics that n fair coins stay between."""
    n, outside, k = len(ratios), 0.0, 0
    while outside + 2 * comb(n, k) / 2**n <= 0.05:
        outside += 2 * comb(n, k) / 2**n
        k += 1
    ordered = sorted(ratios)
    return ordered[max(k - 1, 0)], ordered[n - max(k, 1)]


def paired(checkout: Path, case: str) -> tuple[float, float]:
    """Return the median ms a step of this checkout and the other, from two new processes that take turns."""
    pair = [start(HERE.parent, case), start(checkout, case)]
    steps = max(3, int(SECONDS * 1e3 / min(ask(process, 5) for process in pair)))
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS):
        for which in (0, 1) if number % 2 else (1, 0):
            wait_until_idle()
            times[which].append(ask(pair[which], steps))
    for process in pair:
        process.stdin and process.stdin.close()
        process.wait()
    return median(times[0]), median(times[1])


def compare(checkout: Path, case: str, pairs: int) -> None:
    """Print the line of one case."""
    found = [paired(checkout, case) for _ in range(pairs)]
    ratios = [ours / other for ours, other in found]
    low, high = interval(ratios)
    ours, other = (median(column) for column in zip(*found, strict=True))
    print(
        f"{case:14} {ours:7.3f} / {other:7.3f} ms   ratio {median(ratios):.3f} [{low:.3f}, {high:.3f}]"
        f"   pairs {min(ratios):.3f} to {max(ratios):.3f}",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", type=Path)
    parser.add_argument("case", nargs="*", default=CASES)
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"of processes, six or more [{PAIRS}]")
    given = parser.parse_args()
    if given.pairs < 6:
        parser.error("fewer than six pairs have no interval of 95 %")
    if not (given.checkout / "bench" / "worker.py").is_file():
        parser.error(f"{given.checkout} is no checkout of convlens: it has no bench/worker.py")
    for one in given.case:
        compare(given.checkout.absolute(), one, given.pairs)
