"""Processes side by side: the same runs, whatever is killed, and nothing left when the parent ends."""

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_designs import contents, small_design

from convlens.errors import ConvlensError, UsageError
from convlens.runs import StopWhen, train_run
from convlens.study import LocalWorkers, Study, local_workers, make_run_beside
from small_sets import write_small_set

FEW_EPOCHS = 4


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    return write_small_set(tmp_path_factory.mktemp("set") / "small")


@pytest.fixture(scope="session")
def one_by_one(data, tmp_path_factory):
    """What the runs are when this process makes them."""
    study = Study(small_design(data, epochs=FEW_EPOCHS), tmp_path_factory.mktemp("alone"), 2)
    assert len(list(study.run_missing())) == 4
    return contents(study)


def killed_once(planned):
    """Make a run; the first process that is at run "b seed 0" is killed before it, or in its third epoch."""
    steps, mark = int(os.environ["STEPS_UNTIL_KILLED"]), planned.folder.parent.parent / "was-killed"
    calls = count()

    def kill_when_due():
        if planned.title == "b seed 0" and next(calls) >= steps and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    kill_when_due()
    train_run(planned.config, planned.folder, planned.command, [StopWhen(kill_when_due, every=0)], threads=1)


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
@pytest.mark.parametrize("steps", [0, 1, 10])
def test_a_worker_that_is_killed_loses_nothing(data, one_by_one, tmp_path, monkeypatch, steps):
    """Killed before a run, in its first epoch or its third one: all runs are made, the same byte for byte."""
    monkeypatch.setenv("STEPS_UNTIL_KILLED", str(steps))
    study = Study(small_design(data, epochs=FEW_EPOCHS), tmp_path, 2)
    with LocalWorkers(2) as workers:
        assert len(list(study.run_missing(workers, killed_once))) == 4
    assert (tmp_path / "was-killed").exists()
    assert contents(study) == one_by_one


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
@pytest.mark.parametrize("n_workers", [1, 2, 3])
def test_a_worker_that_is_killed_while_it_has_nothing_to_do_is_replaced(n_workers):
    """Such as one that has loaded what it needs, and waits for the kernels to be compiled."""
    with LocalWorkers(n_workers) as workers:
        for pid in {workers.submit(os.getpid).result() for _ in range(2 * n_workers)}:
            os.kill(pid, signal.SIGKILL)
            while is_there(pid):
                time.sleep(0.01)
        time.sleep(0.2)  # until who watches over them knows
        assert [workers.submit(abs, -number).result() for number in range(4)] == [0, 1, 2, 3]


@pytest.mark.parametrize("error", [OSError(11, "Resource temporarily unavailable"), MemoryError(), OSError()])
@pytest.mark.parametrize("n_started", [0, 1])
def test_where_no_process_can_be_started_every_call_says_so(monkeypatch, error, n_started):
    """Also where the calls had to wait for a worker: nobody waits for ever."""
    loky = local_workers._loky()
    pools = count()

    def started(*args, **kwargs):
        if next(pools) >= n_started:
            raise error
        return loky.ProcessPoolExecutor(*args, **kwargs)

    monkeypatch.setattr(local_workers, "_loky", lambda: SimpleNamespace(ProcessPoolExecutor=started))
    with LocalWorkers(2) as workers:
        calls = [workers.submit(os.abort) for _ in range(3)]
        for call in calls:
            with pytest.raises(ConvlensError, match=r"no process can be started .* try --workers 1"):
                call.result(60)


def killed_always(planned):
    if planned.experiment.name == "b":
        os.kill(os.getpid(), signal.SIGKILL)
    return make_run_beside(planned)


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_a_run_that_ends_every_process_is_named_and_the_others_are_made(data, tmp_path):
    """Such as one that has too little memory: its error says so, and costs no other run a try."""
    study, made = Study(small_design(data), tmp_path, 2), []
    with (
        LocalWorkers(2) as workers,
        pytest.raises(ConvlensError, match=r"b seed 0: 3 processes ended") as error,
    ):
        made.extend(planned.title for planned in study.run_missing(workers, killed_always))
    assert made == ["a seed 0", "a seed 1"]
    assert "b seed 1" in str(error.value)


@pytest.mark.parametrize("number", [0, -1, 1025, True, "2", 1.0])
def test_a_number_of_workers_that_cannot_be(number):
    """Refused in one line."""
    with pytest.raises(UsageError, match="`count` of LocalWorkers must be from 1 to 1,024"):
        LocalWorkers(number)


def is_there(pid):
    """Whether a process still runs (a child that nobody has waited for does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")


@needs_proc
@pytest.mark.parametrize("ends", [KeyboardInterrupt, SystemExit, ConvlensError])
def test_after_an_error_no_process_goes_on(ends):
    """They end at once, whatever they are at, and what waited is taken back."""
    workers = LocalWorkers(2)
    pids = {workers.submit(os.getpid).result() for _ in range(4)}
    calls = [workers.submit(time.sleep, 10_000) for _ in range(4)]
    with pytest.raises(ends), workers:
        raise ends
    assert not any(map(is_there, pids))
    assert [call.cancelled() for call in calls] == [False, False, True, True]
    assert "stopped" in str(calls[0].exception())


PARENT = """
import os, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job begins without
from convlens.study import LocalWorkers
with LocalWorkers(2) as workers:
    pids = {workers.submit(os.getpid).result() for _ in range(4)}
    calls = [workers.submit(time.sleep, 10_000) for _ in range(3)]
    print(*pids, flush=True)  # from here on nothing is called in which Ctrl-C may be lost
    calls[0].result()
"""


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_its_parent(number):
    """However the parent ends, also by `kill -9`, its workers end."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    pids = parent.stdout.readline().split()
    assert pids
    parent.send_signal(number)
    parent.wait()
    parent.stdout.close()
    while any(map(is_there, pids)):
        time.sleep(0.05)
