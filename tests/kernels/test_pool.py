"""The pool of threads: every share once, whoever is late, missing, interrupted, forked or at its end."""

import ctypes
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from processes import LOSS, run

from convlens.kernels.runtime import posix, threads
from convlens.kernels.runtime.compiler import entry, inner
from convlens.kernels.runtime.parallel import in_shares

pytestmark = pytest.mark.skipif(not posix.available(), reason="no POSIX threads on this system")
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


@inner
def mark_share(t, shares, out, first):
    """Count share t as done."""
    out[first + t] += 1


@entry
def mark(out, shares):
    """Run a region of that many shares."""
    in_shares(mark_share, shares, (out, 0))


@inner
def region_share(t, shares, out, width):
    """Run a region inside a region."""
    in_shares(mark_share, width, (out, t * width))


@entry
def mark_nested(out, shares, width):
    """Run regions in a region."""
    in_shares(region_share, shares, (out, width))


@pytest.mark.parametrize("n_threads", [1, 2, 3, 8, 64])
@pytest.mark.parametrize("shares", [1, 2, 7, 8, 64, 100, 4095, 4096, 9000])
def test_every_share_runs_once(n_threads, shares):
    """Any number of shares, also on more threads than there are processors or shares."""
    out = np.zeros(shares, np.int64)
    with threads.region(n_threads):
        for _ in range(20):
            mark(out, shares)
    assert set(out) == {20}


@pytest.mark.parametrize(("shares", "width"), [(1, 64), (8, 8), (64, 1), (64, 300)])
def test_regions_inside_regions(shares, width):
    """The inner ones run on the thread that meets them."""
    out = np.zeros(shares * width, np.int64)
    with threads.region(3):
        for _ in range(20):
            mark_nested(out, shares, width)
    assert set(out) == {20}


@pytest.mark.parametrize("n_threads", [1, 2, 8])
def test_python_threads_at_once(n_threads):
    """Each has its own number of threads; whoever finds the pool busy works alone, and none waits."""

    def many(number):
        out = np.zeros(64, np.int64)
        with threads.region(1 + number % n_threads):
            for _ in range(300):
                mark(out, 64)
        return set(out)

    with ThreadPoolExecutor(8) as executor:
        assert list(executor.map(many, range(16))) == [{300}] * 16


def test_epochs_begin_anew():
    """After 2 to the 40th regions they are counted from 0, and every share still runs once."""
    from convlens.kernels.runtime import workers

    out = np.zeros(64, np.int64)
    with threads.region(3):
        mark(out, 64)
        head = ctypes.c_int64.from_address(workers._State.code["head"])
        head.value = ((1 << 40) - 5) << 24
        for _ in range(9):
            mark(out, 64)
        assert head.value >> 24 == 4  # 9 regions
    assert set(out) == {10}


def test_a_thread_that_said_nothing():
    """Its kernels run on all threads that are available, as those of one that said so do."""
    found = []

    def quiet():
        out = np.zeros(64, np.int64)
        mark(out, 64)
        found.append(set(out))

    for _ in range(50):  # the pool sleeps while one ends and the next begins
        thread = threading.Thread(target=quiet)
        thread.start()
        thread.join()
    assert found == [{1}] * 50


def test_without_workers():
    """Where no thread may be started, this one does all."""
    program = """
import _thread
def refused(*_):
    raise RuntimeError("can't start new thread")
_thread.start_new_thread = refused
print(step())
"""
    assert float(run(program, NUMBA_NUM_THREADS="4")) == pytest.approx(LOSS, rel=1e-4)


@pytest.mark.parametrize("environment", [{}, {"NUMBA_NUM_THREADS": "3"}], ids=["default", "three"])
def test_ctrl_c_leaves_a_pool_that_works(environment):
    """50 times, wherever it falls."""
    program = """
import os, signal, threading
wanted = step()
for k in range(50):
    try:
        threading.Timer(0.001 * (1 + k % 9), os.kill, (os.getpid(), signal.SIGINT)).start()
        for _ in range(3000):  # where Python has to drop it, as in a callback, it is not waited for
            assert step() == wanted
    except KeyboardInterrupt:
        pass
print(step() == wanted)
"""
    assert run(program, **environment) == "True"


def test_an_exception_between_kernels():
    """A layer that fails leaves the pool to the next step: 50 times."""
    program = """
from convlens import spec
from convlens.layers import Layer

class Fails(Layer):
    computes = spec.Sigmoid
    def forward(self, x, train=False):
        if len(x) > 1:
            raise ArithmeticError
        return x  # asked for its shape

wanted = step()
layers = [Affine(np.ones((100, 100), np.float32), np.zeros(100, np.float32)), Fails()]
plan = engine.compile(layers, SoftmaxWithLoss(), (100,), 50)
for _ in range(50):
    try:
        plan.predict(np.ones((50, 100), np.float32))
    except ArithmeticError:
        assert step() == wanted
print("done")
"""
    assert run(program) == "done"


FORKS = """
import gc, os, signal, sys, threading
wanted = step()

def train():
    while True:
        assert step() == wanted

def beside():
    threading.Thread(target=train, daemon=True).start()

signal.alarm(300)  # a parent that hangs ends here, and with it a child that hangs before its own alarm
sys.setswitchinterval(0.0005)  # threads that train in turns do not make each other wait for long
{parent}
gc.freeze()  # an interpreter that ends would look through all objects
for _ in range(50):
    child = os.fork()
    if not child:
        signal.alarm(100)
        assert step() == wanted
        {child}
    assert os.waitpid(child, 0)[1] == {status}
print("done")
sys.stdout.flush()
os._exit(0)
"""


@forks
@pytest.mark.slow
@pytest.mark.parametrize(
    ("parent", "child", "status"),
    [
        ("", "sys.stderr = None; raise ArithmeticError", 1 << 8),
        ("", "beside(); step(); os._exit(0)", 0),
        ("", "beside(); step(); os.kill(os.getpid(), signal.SIGTERM)", 15),
        ("beside()", "os._exit(0)", 0),
        ("beside()", "beside(); step(); sys.exit()", 0),
    ],
    ids=["error", "at once", "signal", "parent trains", "both train"],
)
def test_a_forked_process_trains_and_ends(parent, child, status):
    """It starts workers of its own, whatever its parent was doing; nothing hangs at its end: 50 times."""
    assert run(FORKS.format(parent=parent, child=child, status=status)) == "done"


@forks
def test_a_pool_of_forked_processes():
    """Four, of `multiprocessing`, after the engine has run."""
    program = """
import multiprocessing
def one(_):
    return step()
wanted = step()
with multiprocessing.get_context("fork").Pool(4) as pool:
    print(pool.map(one, range(16)) == [wanted] * 16)
"""
    assert run(program) == "True"


@forks
@pytest.mark.parametrize("lock", ["global_compiler_lock", "ffi.lib._lock"], ids=["compiles", "is in LLVM"])
def test_a_fork_waits_for_another_thread(lock):
    """A thread that does not come along may hold what Numba or LLVM locks; the child would wait for ever."""
    program = f"""
import os, signal, threading, time
from llvmlite.binding import ffi
from numba.core.compiler_lock import global_compiler_lock
wanted, held = step(), threading.Event()

def hold():
    with {lock}:
        held.set()
        time.sleep(0.2)

threading.Thread(target=hold).start()
held.wait()
child = os.fork()
if not child:
    os._exit(step() != wanted)
end = threading.Timer(20, os.kill, (child, signal.SIGKILL))  # of what hangs, maybe in the fork itself
end.start()
print(os.waitpid(child, 0)[1])
end.cancel()
"""
    assert run(program) == "0"


def test_two_threads_that_need_workers_start_none_too_many(monkeypatch):
    """Each worker has a slot, whoever else is starting workers between any two looks at the count."""
    from convlens.kernels.runtime import workers

    threads.start()
    started = []

    class State:
        """The first time that the count is looked at, another thread starts the last worker afterwards."""

        slots, worker, count = 8, None, 6

        @property
        def workers(self):
            found, State.count = State.count, max(State.count, State.slots - 1)
            return found

        @workers.setter
        def workers(self, number):
            State.count = number

    monkeypatch.setattr(workers, "_State", State())
    monkeypatch.setattr(workers._thread, "start_new_thread", lambda _, given: started.extend(given))
    workers._require(8)
    assert started
    assert max(started) < State.slots


@forks
def test_a_child_that_hangs_ends_with_its_parent():
    """However early it hangs: `run` waits for the parent alone."""
    program = """
import os, time
if not os.fork():
    time.sleep(3600)
print("done")
"""
    assert run(program) == "done"
