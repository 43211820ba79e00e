"""How many runs at once: cores, runs, memory, whichever are fewest."""

import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from convlens import spec
from convlens.kernels.runtime import threads
from convlens.runs import RunConfig
from convlens.study import Experiment, Planned, workers_for
from convlens.study.how_many import free_memory, needed_memory

CONFIG = RunConfig(spec.simple())
GIB = 1 << 30


def runs(count):
    experiment = Experiment("a", "simple", CONFIG)
    return [Planned(experiment, replace(CONFIG, seed=seed), Path(f"{seed}")) for seed in range(count)]


@pytest.mark.parametrize(
    ("missing", "cores", "free", "workers"),
    [
        (0, 8, None, 1),
        (1, 8, None, 1),
        (5, 1, None, 1),
        (5, 2, None, 2),
        (5, 8, None, 5),
        (20, 8, 64 * GIB, 8),
        (20, 64, 2 * GIB, 4),
        (20, 8, GIB // 4, 1),
    ],
)
def test_as_many_as_pay(monkeypatch, missing, cores, free, workers):
    """One run has all threads; with several each core has one, if there is room for its process."""
    monkeypatch.setattr(threads, "threads_available", lambda: cores)
    monkeypatch.setattr("convlens.study.how_many.free_memory", lambda root: free)
    assert workers_for(runs(missing)) == workers


@pytest.mark.parametrize("error", [OSError(30, "Read-only"), FileNotFoundError(2, "None"), ImportError()])
def test_one_where_processes_cannot_wait_for_each_other(monkeypatch, error):
    """Without /dev/shm there are no semaphores: this process makes the runs, as it always could."""

    def refuse():
        raise error

    monkeypatch.setattr(threads, "threads_available", lambda: 8)
    monkeypatch.setattr(multiprocessing, "Lock", refuse)
    assert workers_for(runs(5)) == 1


def test_a_larger_network_needs_more_memory():
    """By its activations and its parameters."""
    (small,) = runs(1)
    network = spec.simple(input_dim=(3, 96, 96), hidden_size=1000)
    large = replace(small, config=replace(CONFIG, network=network, data="elsewhere", train_size=100))
    assert needed_memory(large) > 5 * needed_memory(small)


MEMINFO = "MemTotal: 8000 kB\nMemFree: 100 kB\nMemAvailable: 4000 kB\n"
STAT = "anon 1\ninactive_file 500000\n"
GROUP = {"memory.max": "3000000", "memory.current": "2000000", "memory.stat": STAT}


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({}, None),
        ({"proc/meminfo": "what?"}, None),
        ({"proc/meminfo": MEMINFO}, 4000 << 10),
        ({"proc/meminfo": MEMINFO, **{f"sys/fs/cgroup/{k}": v for k, v in GROUP.items()}}, 1_500_000),
        ({f"sys/fs/cgroup/{k}": v for k, v in (GROUP | {"memory.max": "max"}).items()}, None),
        ({f"sys/fs/cgroup/{k}": v for k, v in (GROUP | {"memory.max": "1"}).items()}, 0),
    ],
)
def test_free_memory_is_what_system_and_group_leave(tmp_path, files, free):
    """The less of both; None where neither says."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="ascii")
    assert free_memory(tmp_path) == free
