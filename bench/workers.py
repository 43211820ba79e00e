"""Workers (`worker.py`) on any number of threads, or on as many as convlens chooses, that take turns."""

import os
import subprocess
import sys

from compare import HERE, ask, environment, wait_until_idle

__all__ = ["Workers", "in_turns", "processors", "say", "start", "stop"]

SECONDS = 0.15
Workers = dict[str, "subprocess.Popen[str]"]


def say(text: str) -> None:
    """Tell whoever waits what is being done."""
    print(text, file=sys.stderr, flush=True)


def processors() -> int:
    """Return how many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start(backend: str, network: str, batch: int, threads: int) -> "subprocess.Popen[str]":
    """Start a worker and wait until it is warm; 0 threads: as many as it chooses.

    Raises:
        OSError: it does not run.
    """
    command = [sys.executable, str(HERE / "worker.py"), backend, network, str(batch), str(threads)]
    pipe, settings = subprocess.PIPE, environment(threads or processors())
    process = subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True, env=settings
    )
    if not process.stdout or process.stdout.readline().strip() != "ready":
        process.wait()
        raise OSError(f"{backend} does not run {network}")
    return process


def stop(workers: Workers) -> None:
    """Let them end."""
    for process in workers.values():
        process.stdin and process.stdin.close()
        process.wait()


def in_turns(workers: Workers, rounds: int, wait: float) -> dict[str, float]:
    """Return the least ms a step of each worker over some rounds, each after an idle moment."""
    steps = {name: max(3, int(SECONDS * 1e3 / ask(process, 5))) for name, process in workers.items()}
    times: dict[str, list[float]] = {name: [] for name in workers}
    for _ in range(rounds):
        for name, process in workers.items():
            wait_until_idle(wait)
            times[name].append(ask(process, steps[name]))
    return {name: min(series) for name, series in times.items()}
