"""From process start to the first training step: with an empty cache of kernels, and with a warm one.

python bench/start.py [NETWORK ...] [--against CHECKOUT] [--rounds N]     default: simple lenet, 3 rounds

With --against another checkout does the same in turn, and the ratios (this / CHECKOUT) are those of the
minima, and of the sums of processor time: on a machine with other work the second one says more.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

FIRST_STEP = """
import sys, tempfile
from pathlib import Path
from convlens import spec
try:
    from convlens.runs import RunConfig, train_run
except ImportError:  # an older checkout
    from convlens.training import RunConfig, train_run
from convlens.training import Callback

class Stop(Callback):
    def on_step(self, trainer, loss):
        print("step", flush=True)
        sys.exit()

train_run(RunConfig(spec.NETWORKS[sys.argv[1]]()), Path(tempfile.mkdtemp()) / "run", "", [Stop()])
"""
HERE = Path(__file__).parent.parent
WARM = 3  # starts with a warm cache after each with an empty one


class Took(NamedTuple):
    """Seconds from the start to the first step, and of all processors' time to the end."""

    wall: float
    work: float


def start(checkout: Path, network: str, cache: str) -> Took:
    """Start a process, and wait until it has done its first step, and ended."""
    settings = {**os.environ, "CONVLENS_CACHE_DIR": cache, "PYTHONPATH": str(checkout / "src")}
    worked, begun = _processor_time(), time.perf_counter()
    command = [sys.executable, "-c", FIRST_STEP, network]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=settings)
    assert process.stdout
    if not process.stdout.readline():
        sys.exit(f"{checkout} does not train {network}.")
    passed = time.perf_counter() - begun
    process.wait()
    return Took(passed, _processor_time() - worked)


def _processor_time() -> float:
    """Return the processor time of all processes that have ended, helpers included."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measured(checkouts: list[Path], network: str, rounds: int) -> dict[str, list[list[Took]]]:
    """Return for "first ever" and "warm" what each checkout took, round by round in turn."""
    found: dict[str, list[list[Took]]] = {kind: [[] for _ in checkouts] for kind in ("first ever", "warm")}
    for number in range(rounds):
        order = list(enumerate(checkouts))
        for k, checkout in order if number % 2 else reversed(order):
            with tempfile.TemporaryDirectory() as cache:
                found["first ever"][k].append(start(checkout, network, cache))
                found["warm"][k] += [start(checkout, network, cache) for _ in range(WARM)]
    return found


def told(kind: str, took: list[list[Took]]) -> str:
    """Return a line: the minima of each checkout, and how they compare."""
    least = [[min(values) for values in zip(*one, strict=True)] for one in took]
    said = " against ".join(f"{wall:.2f} s ({work:.2f} of processors)" for wall, work in least)
    if len(least) == 1:
        return f"{kind} {said}"
    wall, work = (mine / other for mine, other in zip(*least, strict=True))
    return f"{kind} {said}: {wall:.2f} ({work:.2f})"


if __name__ == "__main__":
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, usage=argparse.SUPPRESS, formatter_class=form)
    parser.add_argument("networks", nargs="*", default=["simple", "lenet"], help="default: simple lenet")
    parser.add_argument("--against", type=Path, help="another checkout")
    parser.add_argument("--rounds", type=int, default=3, help="cold starts of each; default: 3")
    given = parser.parse_args()
    checkouts = [HERE, *([given.against] if given.against else [])]
    print("load", os.getloadavg())
    for network in given.networks:
        for kind, took in measured(checkouts, network, given.rounds).items():
            print(f"{network}: {told(kind, took)}", flush=True)
