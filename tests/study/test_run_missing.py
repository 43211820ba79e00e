"""A study makes its own missing runs, here or on any executor's workers."""

import copy
import errno
import multiprocessing
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from small_designs import contents, small_design

from convlens.errors import (
    ConvlensError,
    DivergedError,
    ForbiddenPlaceError,
    RunError,
    StorageError,
    TakenError,
    UsageError,
)
from convlens.files import explained
from convlens.study import InProcess, LocalWorkers, Study, make_run
from convlens.study.workers import Failures
from small_sets import write_small_set


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """A data set of 6 x 6 pixels."""
    return str(write_small_set(tmp_path_factory.mktemp("set") / "small"))


@pytest.fixture
def design(data):
    """Two experiments."""
    return small_design(data)


class Backwards(Executor):
    """Does nothing until all is there, then the last task first."""

    def __init__(self, n):
        self.n, self.tasks = n, []

    def submit(self, fn, /, *args, **kwargs):
        self.tasks.append((Future(), fn, args))
        if len(self.tasks) == self.n:
            for future, task, given in reversed(self.tasks):
                future.set_result(task(*given))
        return self.tasks[-1][0]


@pytest.fixture
def executor(request):
    """One of each kind."""
    if request.param == "processes":
        with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
            yield pool
    elif request.param == "local workers":
        with LocalWorkers(2) as workers:
            yield workers
    elif request.param == "threads":
        with ThreadPoolExecutor(2) as pool:
            yield pool
    else:
        yield {"in process": InProcess(), "backwards": Backwards(4), "none": None}[request.param]


@pytest.mark.parametrize(
    "executor", ["none", "in process", "threads", "processes", "local workers", "backwards"], indirect=True
)
def test_workers_make_the_same_runs(design, tmp_path, executor):
    """Whoever makes the runs, they are those that one makes one by one, byte for byte but for the times."""
    alone, study = Study(design, tmp_path / "alone", 2), Study(design, tmp_path / "out", 2)
    for planned in alone.planned():
        make_run(planned)
    made = list(study.run_missing(executor))
    assert sorted(p.title for p in made) == sorted(p.title for p in study.planned())
    assert contents(study) == contents(alone)
    assert [run.seed for run in study.runs(design.experiments[0])] == [0, 1]
    assert list(study.run_missing(executor)) == []


def test_each_run_is_heard_of_before_the_next_begins(design, tmp_path):
    """In this process runs come in the order of planning, and each is there when it is yielded."""
    study, begun = Study(design, tmp_path, 2), []

    def make(planned):
        begun.append(planned.title)
        return make_run(planned)

    for number, planned in enumerate(study.run_missing(make=make), 1):
        assert study.run(planned) is not None
        assert len(begun) == number
    assert begun == ["a seed 0", "b seed 0", "a seed 1", "b seed 1"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("after", [0, 1, 3])
def test_who_is_interrupted_goes_on(design, tmp_path, stop, after):
    """What is made stays, nothing is made twice, and the next call makes the rest."""
    study, calls = Study(design, tmp_path, 2), []

    def make(planned):
        if len(calls) == after:
            raise stop
        calls.append(planned.title)
        return make_run(planned)

    with pytest.raises(stop):
        list(study.run_missing(make=make))
    rest = [planned.title for planned in study.run_missing()]
    assert calls + rest == [planned.title for planned in study.planned()]


class FirstOnly(Executor):
    """Does the first task once four are there; the others wait."""

    def __init__(self):
        self.futures = []
        self.end = lambda futures: futures[0].set_result(None)

    def submit(self, fn, /, *args, **kwargs):
        self.futures.append(Future())
        if len(self.futures) == 4:
            self.end(self.futures)
        return self.futures[-1]


def test_who_stops_listening_leaves_no_run_waiting(design, tmp_path):
    """What has not begun is taken back from the workers."""
    workers = FirstOnly()
    runs = Study(design, tmp_path, 2).run_missing(workers)
    assert next(runs).title == "a seed 0"
    runs.close()
    assert [future.cancelled() for future in workers.futures] == [False, True, True, True]


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (DivergedError("the loss is NaN"), DivergedError),
        (RunError("it is damaged"), RunError),
        (ValueError("a bug"), ValueError),
        (MemoryError(), MemoryError),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_run_that_fails_is_named_and_the_others_are_made(design, tmp_path, error, raised):
    """The error comes last, of its own class, with the name of its run and of others that failed."""
    study = Study(design, tmp_path, 2)

    def make(planned):
        if planned.experiment.name == "b":
            raise error
        return make_run(planned)

    made = []
    with pytest.raises(raised) as caught:
        made.extend(planned.title for planned in iter(study.run_missing(make=make)))
    said = str(caught.value) + "".join(getattr(caught.value, "__notes__", []))
    assert "run b seed 0" in said
    assert "These runs failed, too: b seed 1." in said
    assert str(error) in said
    assert len(study.runs(design.experiments[0])) == 2
    assert not study.runs(design.experiments[1])


@pytest.mark.parametrize("finished", [[3, 2, 1, 0], [1, 3, 0, 2], [0, 1, 2, 3]])
def test_failed_runs_are_told_in_the_order_of_the_plan(design, tmp_path, finished):
    """Whichever of them failed first."""
    study = Study(design, tmp_path, 2)
    planned = list(study.planned())
    failures = Failures(planned)
    for place in finished:
        failures.add(planned[place], RunError(f"no {place}"))
    first, *others = (plan.title for plan in planned)
    with pytest.raises(RunError, match=rf"run {first}: no 0 .*: {', '.join(others)}\."):
        failures.raise_first()


@pytest.mark.parametrize("error", [RunError("damaged on its way"), OSError(28, "no room"), ValueError("?")])
def test_what_cannot_be_received_is_a_run_that_failed(design, tmp_path, error):
    """What `make` returned is given to `receive` before the run is yielded; its error is that run's own."""
    study, received = Study(design, tmp_path, 1), []

    def receive(planned, result):
        received.append((planned.title, result))
        if planned.experiment.name == "a":
            raise error

    made = []
    with pytest.raises(type(error)) as caught:
        made.extend(planned.title for planned in study.run_missing(receive=receive))
    assert "run a seed 0" in str(caught.value) + "".join(getattr(caught.value, "__notes__", []))
    assert made == ["b seed 0"]
    assert received == [(planned.title, study.run(planned).run_id) for planned in study.planned()]


def test_what_stands_in_the_way_is_known_before_the_first_run(design, tmp_path):
    """Where a run's place is taken nothing is begun."""
    study = Study(design, tmp_path, 2)
    *_, last = study.planned()
    last.folder.mkdir(parents=True)
    (last.folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is not a run of convlens"):
        list(study.run_missing())
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [last.folder.name]


@pytest.mark.parametrize("finished_elsewhere", [("a seed 0",), ("a seed 0", "b seed 1"), ()])
def test_what_another_process_has_made_meanwhile_is_no_failure(design, tmp_path, finished_elsewhere):
    """Two at one study share its runs: who found one taken fails only if it is still not there at the end."""
    study, taken = Study(design, tmp_path, 2), ("a seed 0", "b seed 1")

    def make(planned):
        if planned.title in finished_elsewhere or planned.title not in taken:
            make_run(planned)
        if planned.title in taken:
            raise TakenError(f"another convlens is making a run in {planned.folder}.")

    runs = study.run_missing(make=make)
    if finished_elsewhere == taken:
        assert [planned.title for planned in runs] == ["b seed 0", "a seed 1"]
        assert study.missing() == []
    else:
        still, others = (
            [title for title in taken if title not in finished_elsewhere],
            "These runs failed, too",
        )
        with pytest.raises(TakenError, match=f"run {still[0]}: another convlens") as error:
            list(runs)
        assert (others in str(error.value)) == (len(still) == 2)


class Refuses(Executor):
    """Takes so many tasks, and then none."""

    def __init__(self, error, n=0):
        self.error, self.n = error, n

    def submit(self, fn, /, *args, **kwargs):
        self.n -= 1
        if self.n < 0:
            raise self.error
        future = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class NoFuture(Executor):
    """Gives back what is no future."""

    def submit(self, fn, /, *args, **kwargs):
        return fn


def ended():
    """Return a pool of threads that has been shut down."""
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    return pool


@pytest.mark.parametrize("everything_is_there", [False, True])
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"executor": 3}, "`executor` of run_missing must be None, or have the interface of .* Got 3."),
        ({"executor": "dask"}, "`executor` of run_missing must be .* Got 'dask'."),
        ({"executor": LocalWorkers}, "`executor` of run_missing must be .* Got LocalWorkers."),
        ({"executor": [ThreadPoolExecutor]}, "`executor` of run_missing must be"),
        ({"make": 3}, "`make` of run_missing must be a function. Got 3."),
        ({"receive": None}, "`receive` of run_missing must be a function. Got None."),
    ],
)
def test_what_cannot_make_runs_is_refused_at_once(design, tmp_path, given, says, everything_is_there):
    """In one line, before anything is asked for, whether or not there is anything to be made."""
    study = Study(design, tmp_path, 1)
    if everything_is_there:
        list(study.run_missing())
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match=says):
        study.run_missing(**given)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("executor", "n_made", "says"),
    [
        (lambda: Refuses(RuntimeError("it is over.")), 0, r"a Refuses, takes no run \(RuntimeError: it is o"),
        (lambda: Refuses(ValueError("no"), 1), 1, r"a Refuses, takes no run \(ValueError: no\)"),
        (ended, 0, r"a ThreadPoolExecutor, takes no run \(RuntimeError: cannot schedule new futures"),
        (NoFuture, 0, r"`submit` of the executor, a NoFuture, must return a concurrent.futures.Future"),
    ],
)  # fmt: skip
def test_an_executor_that_takes_no_run_is_named(design, tmp_path, executor, n_made, says):
    """In one line; what it has made before is kept."""
    study = Study(design, tmp_path, 1)
    with pytest.raises(UsageError, match=says):
        list(study.run_missing(executor()))
    assert len(list(study.planned())) - len(study.missing()) == n_made


@pytest.mark.parametrize(
    ("error", "says", "stops"),
    [
        (StorageError, ["cannot write x: No space left on device."], True),
        (StorageError, ["cannot make x: Read-only file system."], True),
        (RunError, ["it is damaged"], False),
        (PermissionError, [13, "Permission denied"], False),
    ],
)
@pytest.mark.parametrize("executor", ["none", "in process"], indirect=True)
def test_where_nothing_can_be_written_no_further_run_is_begun(design, tmp_path, executor, error, says, stops):
    """A full disk is told once, at the first run that met it; another run's own failure stops nothing."""
    study, begun = Study(design, tmp_path, 3), []

    def make(planned):
        begun.append(planned.title)
        if len(begun) == 1:
            raise error(*says)
        return make_run(planned) if not stops else None

    with pytest.raises(error) as caught:
        list(study.run_missing(executor, make))
    said = str(caught.value) + "".join(getattr(caught.value, "__notes__", []))
    assert said.count("run a seed 0") == 1
    assert ("No further run was begun." in said) is stops
    assert len(begun) == (1 if stops else 6)


@pytest.mark.parametrize(
    ("error", "cancelled"), [(StorageError("full."), [False, True, True, True]), (RunError("?"), [False] * 4)]
)
def test_what_has_not_begun_is_taken_back_where_the_disk_is_full(design, tmp_path, error, cancelled):
    """From workers that have been given all of it."""
    workers = FirstOnly()

    def end(futures):
        futures[0].set_exception(error)
        for future in futures[1:] if not cancelled[1] else ():
            future.set_result(None)

    workers.end = end
    with pytest.raises(type(error)):
        list(Study(design, tmp_path, 2).run_missing(workers))
    assert [future.cancelled() for future in workers.futures] == cancelled


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("ENOSPC", StorageError),
        ("EDQUOT", StorageError),
        ("EROFS", StorageError),
        ("EACCES", ForbiddenPlaceError),
    ],
)
def test_which_failures_are_those_of_the_disk(tmp_path, number, kind):
    """A file that may not be written says nothing of others."""
    with pytest.raises(ConvlensError) as caught, explained("write", tmp_path):
        raise OSError(getattr(errno, number), "no")
    assert type(caught.value) is kind
    assert type(copy.copy(caught.value)) is kind  # as it is when it comes from another process
