"""Runs an hour: one worker on one thread, one on two threads, and two workers on one thread each.

python bench/side_by_side.py [NETWORK ...]     default: simple lenet

Small runs as `convlens reproduce` makes them (5,000 images, 20 epochs), by the same processes. The three ways
take turns, each first in every third round, after a round that is not counted. Prints runs an hour of each
way as the median over the rounds, and the median of the ratios, round by round, to one worker on one thread
and of two workers to one on two threads.
"""

import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from arguments import names
from compare import wait_until_idle

from convlens import spec
from convlens.runs import RunConfig
from convlens.study import Experiment, LocalWorkers, Planned, make_run_beside

ROUNDS, RUNS = 6, 4
WAYS = {"1 worker, 1 thread": 1, "1 worker, 2 threads": 0, "2 workers, 1 thread each": 2}
ALONE = """
import sys
from pathlib import Path
from convlens import spec
from convlens.runs import RunConfig, train_run
network, folder, *seeds = sys.argv[1:]
train_run(RunConfig(spec.find(network), epochs=1), Path(folder) / "warm", "", threads=2)
print("ready", flush=True)
for line in sys.stdin:
    for seed in seeds:
        out = Path(folder) / f"{line.strip()}-{seed}"
        train_run(RunConfig(spec.find(network), seed=int(seed)), out, "", threads=2)
    print("done", flush=True)
"""


def planned(network: str, folder: Path, mark: str, epochs: int | None = None) -> list[Planned]:
    """Return runs with different seeds."""
    config = RunConfig(spec.find(network))
    config = replace(config, epochs=epochs or config.epochs)
    experiment = Experiment(network, network, config)
    return [Planned(experiment, replace(config, seed=k), folder / f"{mark}-{k}") for k in range(RUNS)]


def side_by_side(workers: LocalWorkers, runs: list[Planned]) -> float:
    """Return the seconds in which workers make runs."""
    start = time.perf_counter()
    for future in [workers.submit(make_run_beside, run) for run in runs]:
        future.result()
    return time.perf_counter() - start


def alone(process: "subprocess.Popen[str]", mark: str) -> float:
    """Return the seconds in which one process on two threads makes as many."""
    assert process.stdin
    assert process.stdout
    start = time.perf_counter()
    print(mark, file=process.stdin, flush=True)
    process.stdout.readline()
    return time.perf_counter() - start


def measure(network: str, folder: Path) -> dict[str, list[float]]:
    """Return the seconds of each way, round by round."""
    command = [sys.executable, "-c", ALONE, network, str(folder), *map(str, range(RUNS))]
    pipe, found = subprocess.PIPE, {way: [] for way in WAYS}
    with (
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process,
        LocalWorkers(1) as one,
        LocalWorkers(2) as two,
    ):
        assert process.stdout
        process.stdout.readline()
        crews = {1: one, 2: two}
        for crew in crews.values():
            side_by_side(crew, planned(network, folder, f"warm-{id(crew)}", epochs=1))
        for number in range(ROUNDS):
            order = list(WAYS)[number % 3 :] + list(WAYS)[: number % 3]
            for way in order:
                wait_until_idle()
                mark, count = f"{number}-{WAYS[way]}", WAYS[way]
                runs = planned(network, folder, mark)
                found[way].append(side_by_side(crews[count], runs) if count else alone(process, mark))
        assert process.stdin
        process.stdin.close()
    return found


def report(network: str, found: dict[str, list[float]]) -> None:
    """Print runs an hour, and ratios round by round."""
    one, threads, two = (found[way] for way in WAYS)
    for way, seconds in found.items():
        print(
            f"{network:8} {way:25} {median(RUNS * 3600 / s for s in seconds):7.0f} runs an hour", flush=True
        )
    for told, base in (("1 worker, 1 thread", one), ("1 worker, 2 threads", threads)):
        ratio = median(b / t for b, t in zip(base, two, strict=True))
        print(f"{network:8} 2 workers to {told}: {ratio:.2f}", flush=True)


if __name__ == "__main__":
    for one_network in names(__doc__, "NETWORK", ["simple", "lenet"]):
        with tempfile.TemporaryDirectory(prefix="convlens-side-") as place:
            report(one_network, measure(one_network, Path(place)))
