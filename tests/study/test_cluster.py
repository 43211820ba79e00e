"""Runs on the workers of a Dask cluster: the same folders, byte for byte, whoever is killed."""

import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec

import pytest
from small_designs import contents, small_design

from convlens.errors import ConvlensError, UsageError
from convlens.runs import Followed
from convlens.study import Study
from convlens.study.cluster import cluster, receive
from convlens.study.made_there import Returned, make_there
from small_sets import write_small_set

needs_dask = pytest.mark.skipif(find_spec("distributed") is None, reason="the extra `dask`")
MANY_EPOCHS = 60


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    return write_small_set(tmp_path_factory.mktemp("set") / "small")


@contextmanager
def started(kind, *args):
    """Run a scheduler or a worker in a process of its own."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--no-dashboard", *map(str, args)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def scheduler(tmp_path):
    """A scheduler's address, and two workers with one thread each."""
    file = tmp_path / "scheduler.json"
    worker = ("worker", "--scheduler-file", file, "--nthreads", 1, "--no-nanny")
    where = ("--local-directory", tmp_path)
    with started("scheduler", "--scheduler-file", file, "--port", 0, "--host", "127.0.0.1"):
        while not file.exists():
            time.sleep(0.05)
        with started(*worker, *where) as one, started(*worker, *where) as two:
            yield file, [one, two]


def address_in(file):
    import json

    while True:
        try:
            return json.loads(file.read_text(encoding="utf-8"))["address"]
        except ValueError:
            time.sleep(0.05)


@needs_dask
@pytest.mark.slow
@pytest.mark.parametrize("is_shared", [True, False])
def test_one_of_two_workers_is_killed(data, tmp_path, scheduler, is_shared):
    """Runs come back the same as those made one by one, on a shared file system or as bytes."""
    file, workers = scheduler
    design = small_design(data, epochs=MANY_EPOCHS)
    alone, study = Study(design, tmp_path / "alone", 2), Study(design, tmp_path / "out", 2)
    assert len(list(alone.run_missing())) == 4
    first = next(study.planned())
    with cluster(address_in(file), first.folder.parent) as executor:
        if not is_shared:
            executor._token = (executor._token[0], "nobody has written this")
        runs = study.run_missing(executor, make_there, receive)
        made = [next(runs)]
        workers[0].kill()
        made += runs
    assert len(made) == 4
    assert contents(study) == contents(alone)
    assert sorted(path.name for path in first.folder.parent.iterdir()) == sorted(
        planned.folder.name for planned in study.planned()
    )


@needs_dask
@pytest.mark.slow
@pytest.mark.parametrize("is_taken_back", [True, False])
def test_who_goes_away_leaves_nobody_at_work(data, tmp_path, scheduler, is_taken_back):
    """What is under way stops when nobody waits for it, keeps its checkpoint, and is gone on with."""
    file, _ = scheduler
    study = Study(small_design(data, epochs=5000), tmp_path / "out", 1)
    first, second = study.planned()
    followed = [Followed(first.folder), Followed(second.folder)]
    with cluster(address_in(file), first.folder.parent) as executor:
        calls = [executor.submit(make_there, planned) for planned in (first, second)]
        while not all(one.look() and one.look().epoch for one in followed):
            time.sleep(0.05)
        if is_taken_back:
            assert [call.cancel() for call in calls] == [True, True]
    while any(path.name.endswith(".lock") for path in first.folder.parent.iterdir()):
        time.sleep(0.05)
    assert not first.folder.exists()
    assert all(one.look().epoch > 0 for one in followed)


@needs_dask
def test_no_scheduler_answers(tmp_path, monkeypatch):
    """One line, and nothing is left over."""
    monkeypatch.setattr("convlens.study.cluster._PATIENCE", 1)
    with pytest.raises(ConvlensError, match="no Dask scheduler answers at tcp://127"):
        cluster("tcp://127.0.0.1:9", tmp_path).__enter__()
    assert list(tmp_path.iterdir()) == []


@needs_dask
@pytest.mark.parametrize("address", ["", "nothing://x", "tcp://host:port", "tcp://"])
def test_what_is_no_address(tmp_path, monkeypatch, address):
    """One line says what one is."""
    monkeypatch.setattr("convlens.study.cluster._PATIENCE", 1)
    with pytest.raises(ConvlensError) as error:
        cluster(address, tmp_path).__enter__()
    assert "\n" not in str(error.value)
    assert "Dask scheduler" in str(error.value)


def test_the_extra_is_named_where_it_is_missing(tmp_path, monkeypatch):
    """Without `distributed` one line names the extra."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r'`--dask` needs another package: pip install "\.\[dask\]"'):
        cluster("tcp://127.0.0.1:8786", tmp_path).__enter__()


def test_an_error_comes_back_as_one():
    """What a worker could not do is the run's error, of its own class."""
    with pytest.raises(UsageError, match="no such thing"):
        receive(None, Returned(error=UsageError("no such thing")))
