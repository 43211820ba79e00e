"""Threads and the machine: fallbacks, fork, spawn, two Python threads, facts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from processes import LOSS, run

from convlens.errors import UsageError
from convlens.kernels.runtime import machine, threads


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("layer", ["omp", "workqueue"])
def test_a_forked_process_without_numbas_threads(layer):
    """Numba's worker threads do not survive a fork; the child says so instead of hanging."""
    program = """
import os, sys
step()
read, write = os.pipe()
if os.fork() == 0:
    try:
        step()
    except Exception as error:
        os.write(write, str(error).encode())
    os._exit(0)
os.wait()
print(os.read(read, 1000).decode())
"""
    told = run(program, NUMBA_THREADING_LAYER=layer)
    assert told.startswith(f"Numba's {layer} was running when this process was forked")
    assert "spawn" in told


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_forking_before_the_engine_started_is_fine():
    """Only running workers are lost."""
    program = """
import os
read, write = os.pipe()
if os.fork() == 0:
    os.write(write, str(step()).encode())
    os._exit(0)
os.wait()
print(os.read(read, 1000).decode())
"""
    assert float(run(program)) == pytest.approx(LOSS, rel=1e-4)


def test_spawned_processes_work():
    """Each has its own threads."""
    program = """
import concurrent.futures, multiprocessing
from convlens.kernels.runtime.threads import threads_available
if __name__ == "__main__":
    step()
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        print(pool.submit(threads_available).result())
"""
    assert int(run(program)) >= 1


AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
{before}
with ThreadPoolExecutor(4) as pool:
    losses = {{f.result() for f in [pool.submit(step) for _ in range(40)]}}
print(len(losses), facts()["threading layer"])
"""
WITHOUT_POSIX = "from convlens.kernels.runtime import posix; posix.available = lambda: False"
WITHOUT_TBB = "import sys; sys.modules['numba.np.ufunc.tbbpool'] = None"
linux = pytest.mark.skipif(sys.platform != "linux", reason="Numba takes another pool on other systems")
WITHOUT_OPENMP = "import sys; sys.modules['numba.np.ufunc.omppool'] = None"


@pytest.mark.parametrize(
    ("before", "environment", "layer"),
    [
        ("", {}, "convlens"),
        (WITHOUT_POSIX, {}, "omp"),
        (f"{WITHOUT_POSIX}; {WITHOUT_OPENMP}", {}, "workqueue"),
        ("", {"NUMBA_THREADING_LAYER": ""}, "convlens"),
        (WITHOUT_POSIX, {"NUMBA_THREADING_LAYER": ""}, "omp"),
        ("", {"NUMBA_THREADING_LAYER": "omp"}, "omp"),
        ("", {"NUMBA_THREADING_LAYER": "workqueue"}, "workqueue"),
        ("", {"NUMBA_THREADING_LAYER": "WORKQUEUE"}, "workqueue"),
        ("", {"NUMBA_THREADING_LAYER": "OMP"}, "omp"),
        (WITHOUT_TBB, {"NUMBA_THREADING_LAYER": "threadsafe"}, "omp"),
        pytest.param(WITHOUT_TBB, {"NUMBA_THREADING_LAYER": "forksafe"}, "workqueue", marks=linux),
    ],
)
def test_python_threads_may_train_at_once(before, environment, layer):
    """In our pool, and in Numba's, where ours cannot be or the user asks; workqueue alone would abort."""
    assert run(AT_ONCE.format(before=before), **environment) == f"1 {layer}"


@pytest.mark.parametrize(
    ("layer", "spin"), [("default", "100 µs"), ("", "100 µs"), ("omp", "set"), ("workqueue", "not used")]
)
def test_the_environment_is_left_as_it_was(monkeypatch, layer, spin):
    """Programs that are started later do not inherit a spin count of ours."""
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    program = """
import os
step()
print(os.environ.get("GOMP_SPINCOUNT"), facts()["spin count"])
"""
    assert run(program, NUMBA_THREADING_LAYER=layer) == f"None {spin}"


@pytest.mark.parametrize("layer", ["default", "omp", "workqueue"])
def test_behind_a_region_it_is_as_before(layer):
    """As many threads as the region around it has, or as a thread that has not said."""
    program = """
from convlens.kernels.runtime import threads
said = []
threads.start()
use = threads._pool[0].use
threads._pool[0].use = lambda number: (said.append(number), use(number))[0]
with threads.region(2):
    with threads.region(1):
        step()
    del said[:]
    with threads.region(1):
        with threads.region(1):
            pass
    try:
        with threads.region(1):
            raise KeyError
    except KeyError:
        pass
print(*said)
"""
    assert run(program, NUMBA_THREADING_LAYER=layer, NUMBA_NUM_THREADS="2") == "1 1 2 1 2 0"


def test_threads_are_checked():
    """More threads than there are is an error that names the limit."""
    assert threads.resolve_threads(None) == threads.threads_available()
    assert threads.resolve_threads(1) == 1
    for wrong in (0, 10_000, 1.5, True):
        with pytest.raises(UsageError, match="`threads` must be between 1 and"):
            threads.resolve_threads(wrong)


@pytest.mark.parametrize(
    ("environment", "most"),
    [
        ({}, max(64, threads.threads_available())),
        ({"NUMBA_NUM_THREADS": "3"}, 3),
        ({"NUMBA_NUM_THREADS": "100"}, 100),
        ({"NUMBA_THREADING_LAYER": "workqueue", "NUMBA_NUM_THREADS": "2"}, 2),
    ],
)
def test_the_limit_is_what_the_environment_says(monkeypatch, environment, most):
    """64, or all processors of a larger machine, where it says nothing; more threads than processors run."""
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    program = """
from convlens.kernels.runtime import threads
try:
    threads.resolve_threads(10_000)
except Exception as error:
    most = int(str(error).split(".")[0].split()[-1])
layers = [Affine(np.ones((100, 100), np.float32), np.zeros(100, np.float32))]
plan = engine.compile(layers, SoftmaxWithLoss(), (100,), 50, most)
print(most, plan.loss_and_gradient(np.ones((50, 100), np.float32), np.zeros(50, np.int64)) == step())
"""
    assert run(program, **environment) == f"{most} True"


def test_facts_are_complete():
    """What `convlens doctor` prints."""
    facts = machine.facts()
    assert {"cpu", "lanes", "threads", "threading layer", "cache", "blas", "numba"} <= set(facts)
    assert all(str(value) for value in facts.values())


@pytest.mark.parametrize("layer", ["default", "workqueue"])
def test_a_pool_is_started_before_anything_is_compiled(layer):
    """Whoever asks for the facts first needs nothing that Numba does for its first kernel."""
    program = "from convlens.kernels.runtime.machine import facts; print(facts()['threading layer'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=False, env=os.environ | {"NUMBA_THREADING_LAYER": layer},
    )  # fmt: skip
    assert done.stdout.strip() == layer.replace("default", "convlens"), done.stderr


@pytest.mark.slow
def test_every_width_computes_the_same_integers():
    """The battery of exact cases on the widths that this machine does not choose, beside each other.

    On its own it runs in this process, in `test_exact.py`.
    """
    tests = str(Path(__file__).parents[1] / "engine" / "test_exact.py")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-qx",
        "-p",
        "no:randomly",
        tests,
        "-k",
        "bit_for_bit and 13-13",
    ]
    others = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"CONVLENS_LANES": str(lanes)})
        for lanes in {4, 8, 16} - {machine.lanes()}
    ]
    printed = [process.communicate()[0].decode()[-3000:] for process in others]
    assert [process.returncode for process in others] == [0] * len(others), "\n".join(printed)


def test_a_wrong_width_is_refused():
    """CONVLENS_LANES is 4, 8 or 16."""
    program = """
from convlens.kernels.runtime import machine, threads
try:
    machine.lanes()
except Exception as error:
    print(error)
"""
    assert "4, 8 or 16" in run(program, CONVLENS_LANES="7")


@pytest.mark.parametrize(
    ("files", "allowed"),
    [
        ({"cpu.max": "150000 100000"}, 2),
        ({"cpu.max": "50000 100000"}, 1),
        ({"cpu.max": "max 100000"}, None),
        ({"cpu/cpu.cfs_quota_us": "300000", "cpu/cpu.cfs_period_us": "100000"}, 3),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, None),
        ({"cpu.max": "nonsense"}, None),
        ({}, None),
    ],
)
def test_a_containers_quota(tmp_path, files, allowed):
    """Control groups of both versions."""
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text + "\n", encoding="ascii")
    assert threads._quota(tmp_path) == allowed


def test_a_threading_layer_that_is_not_there():
    """One line says which variable to unset."""
    program = """
try:
    step()
except Exception as error:
    print(type(error).__name__, error)
"""
    assert run(program, NUMBA_THREADING_LAYER="nonsense") == (
        "UsageError Numba has no threading layer 'nonsense' here: unset NUMBA_THREADING_LAYER."
    )
