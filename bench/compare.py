"""A training step of convlens against PyTorch's three modes, alternating in one run on this machine.

python bench/compare.py [NETWORK:BATCH:THREADS ...]     default: the table of the documentation
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from arguments import names

from networks import multiply_adds

HERE = Path(__file__).parent
TABLE = [f"{net}:{batch}:2" for net in ("simple", "lenet") for batch in (100, 32, 256)]
TABLE += ["simple:100:1", "lenet:100:1", "deep:100:2", "speedrun:128:2"]
BACKENDS = ("ours", "eager", "channels_last", "compiled")
ROUNDS, SECONDS = 15, 0.15


def environment(threads: int) -> dict[str, str]:
    """Return the environment without what slows a current NumPy's or PyTorch's BLAS."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    return kept | {"NUMBA_NUM_THREADS": str(threads), "PYTHONPATH": str(HERE.parent / "src")}


def start(backend: str, net: str, batch: str, threads: str) -> subprocess.Popen[str]:
    """Start one worker and wait until it is warm."""
    command = [sys.executable, str(HERE / "worker.py"), backend, net, batch, threads]
    pipe = subprocess.PIPE
    settings = environment(int(threads))
    return subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=settings
    )


def wait_until_idle(limit: float = 10.0) -> None:
    """Wait until other processes leave the machine alone, at most `limit` seconds (on Linux only)."""
    stat, deadline = Path("/proc/stat"), time.perf_counter() + limit
    while stat.exists() and time.perf_counter() < deadline:
        before = [int(v) for v in stat.read_text(encoding="ascii").split(maxsplit=9)[1:9]]
        time.sleep(0.06)
        after = [int(v) for v in stat.read_text(encoding="ascii").split(maxsplit=9)[1:9]]
        passed = [b - a for a, b in zip(before, after, strict=True)]
        if passed[3] + passed[4] >= 0.9 * sum(passed):
            return


def ask(process: subprocess.Popen[str], steps: int) -> float:
    """Let a worker do some steps; return ms a step."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{steps}\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def compare(case: str, backends: tuple[str, ...]) -> None:
    """Alternate all backends on one case and print a line each."""
    net, batch, threads = case.split(":")
    workers = {}
    for backend in backends:
        process = start(backend, net, batch, threads)
        if process.stdout and process.stdout.readline().strip() == "ready":
            workers[backend] = process
        else:
            print(f"{case} {backend}: failed")
    steps = {b: max(3, int(SECONDS * 1e3 / ask(p, 5))) for b, p in workers.items()}
    times: dict[str, list[float]] = {b: [] for b in workers}
    for _ in range(ROUNDS):
        for backend, process in workers.items():
            wait_until_idle()
            times[backend].append(ask(process, steps[backend]))
    for process in workers.values():
        process.stdin and process.stdin.close()
        process.wait()
    peers = [b for b in workers if b != "ours"]
    for backend in workers:
        low, middle = min(times[backend]), median(times[backend])
        rate = 2 * multiply_adds(net) * int(batch) / low / 1e6
        print(
            f"{case:18} {backend:14} min {low:7.3f}  median {middle:7.3f} ms  {rate:5.0f} GFLOP/s", flush=True
        )
    if peers and "ours" in workers:
        best = min(min(times[b]) for b in peers) / min(times["ours"])
        middles = min(median(times[b]) for b in peers) / median(times["ours"])
        print(f"{case:18} PyTorch's fastest / ours: {best:.2f} (minima), {middles:.2f} (medians)", flush=True)


if __name__ == "__main__":
    cases = names(__doc__, "CASE", TABLE)
    print("load", os.getloadavg())
    for case in cases:
        compare(case, BACKENDS)
