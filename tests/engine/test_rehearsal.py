"""Compiling side by side before the first step: what is compiled, by whom, and what becomes of helpers."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from convlens.engine import side_by_side
from convlens.engine.side_by_side import Helpers, how_many
from convlens.kernels.runtime import cache, sealed
from looked_for import LOOKED_FOR

NETWORKS = """
from convlens import spec
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu, Sigmoid
NETWORKS = {
    "pooled": NetworkSpec("a", (1, 8, 8), (Convolution(4, 3), Relu(), Pooling(2),
                                           Affine(5), Relu(), Affine(3))),
    "strided": NetworkSpec("b", (2, 9, 9), (Convolution(4, 3), Sigmoid(), Convolution(4, 3, stride=2), Relu(),
                                            Sigmoid(), Affine(3))),
    "affine": NetworkSpec("c", (1, 4, 4), (Affine(7), Sigmoid(), Affine(3))),
    "windows": NetworkSpec("d", (1, 12, 12), (Convolution(6, 3), Relu(), Pooling(3, 2),
                                              Convolution(8, 3), Relu(), Pooling(2), Affine(3))),
}
"""

WATCHED = (
    NETWORKS
    + LOOKED_FOR
    + """
import sys
import numpy as np
from convlens.networks import Network
from convlens.training import Callback, Trainer

class Prepared(Callback):
    def on_step(self, trainer, loss):
        print(sorted(looked_for), flush=True)

name, optimizer, pictures, labels, writeable = sys.argv[1:]
network = Network(NETWORKS[name], seed=0)
rng = np.random.default_rng(0)
x = rng.integers(0, 2, (20, *network.spec.input_shape)).astype(pictures)
t = rng.integers(0, 3, 20).astype(labels)
x.flags.writeable = t.flags.writeable = writeable == "yes"
trainer = Trainer(network, x, t, x, t, 1, 10, optimizer, {"lr": 0.01}, verbose=False, callbacks=[Prepared()])
before = []
prepare = trainer._learner.prepare
def preparing(*args):
    prepare(*args)
    assert looked_for
    looked_for.clear()
trainer._learner.prepare = preparing
trainer.train()
"""
)


def output(program, *arguments, **environment):
    """Run a program of Python's; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *arguments],
        capture_output=True, text=True, check=False, env=os.environ | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "case",
    [
        ("pooled", "adam", "uint8", "uint8", "no"),
        ("strided", "sgd", "float32", "int64", "yes"),
        ("affine", "momentum", "float32", "uint8", "yes"),
        ("windows", "rmsprop", "uint8", "int32", "no"),
    ],
    ids="-".join,
)
def test_a_training_looks_for_no_kernel_that_was_not_rehearsed(case):
    """Whatever the network, the optimizer, and what is trained on: a step, and the evaluation behind it."""
    assert set(output(WATCHED, *case).splitlines()) == {"[]"}


COMPILING = (
    NETWORKS
    + """
import sys
from numba.core import event
from convlens.engine import rehearsal, side_by_side
from convlens.engine.rehearsal import Seen, rehearse
from convlens.kernels.runtime import cache

class Compiled(event.Listener):
    def on_start(self, event):
        pass
    def on_end(self, event):
        if isinstance(event.data["dispatcher"]._cache, cache._Cache):
            compiled.append(event.data["dispatcher"].py_func.__qualname__)

compiled, asked, started = [], [], []
how = sys.argv[1]
rehearsal.FEW = 0
rehearsal.how_many = lambda tasks, threads: asked.append(tasks) or int(sys.argv[2])
begin = side_by_side._started
def begun(told):
    process = begin(told)
    started.append(process)
    if how == "killed":
        process.kill()
    elif how == "closed":
        process.stdin.close()
    elif how == "finished":
        process.wait()
    return process
side_by_side._started = begun
if how == "refused":
    def begun(told):
        raise BlockingIOError("no more processes")
    side_by_side._started = begun
with event.install_listener("numba:compile", Compiled()):
    rehearse(NETWORKS["affine"], "adam", Seen("|u1", "|u1"), None)
    first = len(compiled)
    rehearse(NETWORKS["affine"], "adam", Seen("|u1", "|u1"), None)
assert len(compiled) == first and len(asked) == 1
assert all(process.returncode is not None for process in started)
print(len(started), *compiled)
"""
)

CHEAP = ("affine.copy_rows-", "gather.copy_span-", "loss.", "optimizers.adam-", "replay.")
"""How the names begin of kernels' files that take little time to make."""


@pytest.fixture(scope="module")
def usual_cache():
    """The folder of the usual cache, which has what the network "affine" needs."""
    output(COMPILING.replace(" == 1\n", " <= 1\n"), "none", "0")
    return cache.folder()


@pytest.fixture
def cheap_ones_missing(usual_cache, tmp_path):
    """A cache that has what the network "affine" needs, but for some kernels; return their files."""
    here = usual_cache
    there = tmp_path / "kernels" / here.name
    there.mkdir(parents=True)
    missing = []
    for file in here.glob("*.nbc"):
        if file.name.startswith(CHEAP):
            missing.append(there / file.name)
        else:
            (there / file.name).symlink_to(file)
    return missing


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "count"),
    [("finished", 1), ("together", 2), ("killed", 1), ("closed", 2), ("refused", 1), ("none", 0)],
)
def test_helpers_compile_what_this_process_does_not(tmp_path, cheap_ones_missing, how, count):
    """Whether helpers do their part, end early or cannot be started: all is there in the end, made once."""
    started, *compiled = output(COMPILING, how, str(count), CONVLENS_CACHE_DIR=str(tmp_path)).split()
    assert int(started) == (0 if how == "refused" else count)
    made = [path for path in cheap_ones_missing if sealed.read(path) is not None]
    if how == "finished":
        assert compiled == []
    elif how in {"killed", "closed", "refused", "none"}:
        assert len(compiled) == len(made)
    assert len(set(compiled)) == len(compiled)
    assert {path.name.split("-")[0] for path in made} >= {"loss.softmax_cross_entropy", "replay.replay"}
    assert not list(tmp_path.rglob("*.tmp.*"))
    again = output(COMPILING.replace(" == 1\n", " == 0\n"), "none", "0", CONVLENS_CACHE_DIR=str(tmp_path))
    assert again.split() == ["0"]


def test_how_many_helpers(monkeypatch):
    """As many as there are cores and tasks beside this process's own, and never many."""
    monkeypatch.setattr(side_by_side, "threads_available", lambda: 16)
    assert [how_many(tasks) for tasks in (0, 1, 2, 3, 100)] == [0, 0, 1, 2, side_by_side.MOST]
    assert [how_many(100, threads) for threads in (1, 2, 3, 64)] == [0, 1, 2, side_by_side.MOST]
    monkeypatch.setattr(side_by_side, "threads_available", lambda: 1)
    assert how_many(100) == 0


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("convlens.kernels.runtime.cache.folder", lambda: None),
        ("convlens.kernels.runtime.cache.unwritable", lambda: "No space left on device"),
        ("multiprocessing.parent_process", object),
        ("sys.executable", "/opt/blender/blender"),
        ("sys.executable", ""),
        ("sys.executable", None),
    ],
    ids=["nothing is kept", "full", "a pool's worker", "embedded", "unknown", "none"],
)
def test_where_no_helper_is_started(monkeypatch, what, value):
    """Nobody would see what it does, or others do it already, or it would be another program."""
    monkeypatch.setattr(side_by_side, "threads_available", lambda: 16)
    assert how_many(100) > 0
    monkeypatch.setattr(what, value)
    assert how_many(100) == 0


def test_a_program_that_was_frozen_starts_none(monkeypatch):
    """Its `sys.executable` is itself."""
    monkeypatch.setattr(side_by_side, "threads_available", lambda: 16)
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert how_many(100) == 0


PARENT = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has it ignored in the background
from convlens.engine.side_by_side import Helpers
from convlens.engine import side_by_side
side_by_side._PROGRAM = (
    "import json, sys, time\\n"
    "sys.path[:] = json.loads(sys.stdin.readline())['path']\\n"
    "from convlens.engine.side_by_side import end_with_parent\\n"
    "end_with_parent()\\n"
    "time.sleep(3600)\\n"
)
with Helpers(2, {}) as started:
    print(*(process.pid for process in started._processes), flush=True)
    try:
        time.sleep(3600)
    except KeyboardInterrupt:
        sys.exit(7)
"""


def state_of(pid):
    """Return how the system calls a process's state; "" or Z where it has ended."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip()


@pytest.mark.skipif(os.name != "posix", reason="signals of this kind")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
def test_helpers_end_with_their_parent(number):
    """However that ends."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    pids = list(map(int, parent.stdout.readline().split()))
    assert len(pids) == 2
    parent.send_signal(number)
    parent.communicate()
    while any(state_of(pid)[:1] not in {"", "Z"} for pid in pids):
        time.sleep(0.05)


def test_helpers_end_with_an_error(monkeypatch):
    """An exception, Ctrl-C for one, leaves the block without them, and without what they were writing."""
    monkeypatch.setattr(side_by_side, "_PROGRAM", "import time; time.sleep(3600)")
    processes = []

    def interrupted():
        with Helpers(2, {}) as started:
            processes.extend(started._processes)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(processes) == 2
    assert [process.returncode is not None for process in processes] == [True, True]


def test_a_helper_sees_the_paths_of_this_process_alone(tmp_path, monkeypatch):
    """What lies in the working folder under a module's name is not run; what this process imports from is."""
    written = tmp_path / "written"
    (tmp_path / "json.py").write_text(f"open({str(written)!r}, 'w').write('wrong')", encoding="utf-8")
    program = (
        "import json, sys\n"
        "told = json.loads(sys.stdin.readline())\n"
        f"open({str(written)!r}, 'w').write(json.dumps(told))\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(side_by_side, "_PROGRAM", program)
    with Helpers(1, {"network": "é"}) as started:
        started.wait()
    told = json.loads(written.read_text(encoding="utf-8"))
    assert (told["network"], told["rank"], told["helpers"]) == ("é", 0, 1)
    assert told["path"] == [entry for entry in sys.path if isinstance(entry, str)]
    assert not Path("__pycache__").exists()
