"""Streams that fail: progress that cannot be shown changes nothing, results that cannot be are an error."""

import contextlib
import os
import subprocess
import sys
from functools import partial

import pytest
from same_bytes import assert_same

from small_sets import write_small_set

pytestmark = pytest.mark.skipif(os.name == "nt", reason="devices, pipes and terminals of POSIX")

FEW = ["--data", "SMALL", "--train-size", "100", "--batch-size", "50", "--epochs", "2"]
TRAIN = ["train", "simple", *FEW, "--out"]
SCRIPT = "from convlens.cli import main; main()"


@pytest.fixture(scope="module", autouse=True)
def small(tmp_path_factory):
    """The data that SMALL in a command stands for: MNIST's own test images take longer than all the rest."""
    return write_small_set(tmp_path_factory.mktemp("data"), size=28, n_train=200)


@pytest.fixture
def command(small):
    """Run a command; return its exit code, and its stdout if that was not given."""
    return partial(commanded, small)


def words_of(args, small, **places):
    """Return a command's words with the places that are known now."""
    return [word.replace("SMALL", str(small)).format(**places) for word in args]


def commanded(small, args, cwd, unbuffered=False, **streams):
    python = [sys.executable, *(["-u"] if unbuffered else [])]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    streams = {"stdout": subprocess.PIPE, **streams}
    environment |= streams.pop("env", {})
    words = [*python, "-c", SCRIPT, *words_of(args, small)]
    done = subprocess.run(words, cwd=cwd, env=environment, check=False, **streams)
    return done.returncode, (done.stdout or b"").decode()


@pytest.fixture(scope="module")
def runs(tmp_path_factory, small):
    """A folder with a run whose progress was shown."""
    folder = tmp_path_factory.mktemp("runs")
    assert commanded(small, [*TRAIN, "shown"], folder, stderr=subprocess.DEVNULL)[0] == 0
    return folder


@contextlib.contextmanager
def full_disk():
    with open("/dev/full", "wb") as stream:  # noqa: PTH123 (a device)
        yield stream


@contextlib.contextmanager
def pipe_without_reader():
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@contextlib.contextmanager
def full_pipe():
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writing, b"x" * 4096)
    yield writing
    os.close(reading)
    os.close(writing)


@contextlib.contextmanager
def vanished_terminal():
    ours, theirs = os.openpty()
    os.close(ours)
    yield theirs
    os.close(theirs)


@contextlib.contextmanager
def terminal():
    ours, theirs = os.openpty()
    os.set_blocking(theirs, False)  # nobody reads: what has no room is lost
    yield theirs
    os.close(ours)
    os.close(theirs)


STREAMS = [full_disk, pipe_without_reader, full_pipe, vanished_terminal, terminal]


@pytest.mark.parametrize(
    ("stream", "unbuffered"), [*((stream, False) for stream in STREAMS), (full_disk, True)]
)
def test_progress_that_cannot_be_shown_changes_nothing(stream, unbuffered, command, runs, tmp_path):
    """Whatever stderr is, a training ends with 0, prints its result, and leaves the same bytes."""
    with stream() as errors:
        code, told = command([*TRAIN, "run"], tmp_path, unbuffered, stderr=errors, start_new_session=True)
    assert code == 0
    assert "run folder" in told
    assert_same(tmp_path / "run", runs / "shown")


@pytest.mark.parametrize(
    ("stream", "args", "expected"),
    [
        (full_disk, [*TRAIN, "shown"], 0),
        (vanished_terminal, ["summary", "vgg"], 2),
        (pipe_without_reader, ["inspect", "nowhere"], 1),
        (full_pipe, ["summary", "--engine"], 2),
    ],
)
def test_an_exit_code_does_not_depend_on_stderr(stream, args, expected, command, runs):
    """What cannot be said does not hide how a command ended."""
    with stream() as errors:
        code, told = command(args, runs, stderr=errors, start_new_session=True)
    assert code == expected
    assert ("run folder" in told) == (expected == 0)


@pytest.mark.parametrize(
    ("closed", "args", "expected"),
    [
        ("2>&-", [*TRAIN, "run"], 0),
        ("0<&- 1>&- 2>&-", [*TRAIN, "run"], 0),
        ("0<&- 1>&- 2>&-", ["verify", "{shown}"], 0),
        *(
            (closed, args, expected)
            for closed in ("2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-")
            for args, expected in (
                (["summary", "lenet"], 0),
                (["inspect", "nowhere"], 1),
                (["summary", "vgg"], 2),
            )
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_streams_that_are_closed(closed, args, expected, small, runs, tmp_path):
    """A shell that closed stderr, or everything, changes neither the end of a command nor what it leaves."""
    words = words_of(args, small, shown=runs / "shown")
    closing = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", SCRIPT, *words]
    done = subprocess.run(closing, cwd=tmp_path, stdout=subprocess.PIPE, check=False)
    assert done.returncode == expected
    assert bool(done.stdout) == (expected == 0 and "1>&-" not in closed)
    if args[0] == "train":
        assert_same(tmp_path / "run", runs / "shown")


@pytest.mark.parametrize(
    "variables", [{"PYTHONIOENCODING": "ascii", "COLUMNS": "0"}, {"TERM": "dumb", "COLUMNS": "x"}]
)
def test_a_strange_terminal(variables, command, tmp_path):
    """Neither an alphabet without the bar's letters nor a width of nothing ends a training."""
    with terminal() as errors:
        code, _ = command([*TRAIN, "run"], tmp_path, stderr=errors, start_new_session=True, env=variables)
    assert code == 0


SLOWLY = """
import os, sys
from convlens.cli import main
from convlens.cli.progress import ShowProgress
on_step = ShowProgress.on_step
def waits(self, trainer, loss):
    on_step(self, trainer, loss)
    if trainer.current_iter == 1:
        os.write(1, b"half\\n")  # the bar takes what is printed
        sys.stdin.readline()
ShowProgress.on_step = waits
main()
"""


def test_a_terminal_that_goes_in_the_middle(small, runs, tmp_path):
    """A window that is closed while the bar moves takes nothing with it."""
    ours, theirs = os.openpty()
    words = words_of([*TRAIN, "run"], small)
    process = subprocess.Popen(
        [sys.executable, "-c", SLOWLY, *words], cwd=tmp_path, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    assert process.stdout.readline() == b"half\n"
    os.close(ours)
    told, _ = process.communicate(b"\n")
    assert process.returncode == 0
    assert b"run folder" in told
    assert_same(tmp_path / "run", runs / "shown")


FULL = "convlens: cannot write the output: No space left on device."
GONE = "convlens: cannot write the output: Input/output error."


@pytest.mark.parametrize(
    ("stream", "says", "args"),
    [
        (full_disk, FULL, [*TRAIN, "run", "-q"]),
        (vanished_terminal, GONE, [*TRAIN, "run", "-q", "--json"]),
        (pipe_without_reader, "", [*TRAIN, "run", "-q"]),  # as `| head` leaves it: quiet
        (full_disk, FULL, ["summary", "lenet"]),
        (vanished_terminal, GONE, ["summary", "lenet"]),
        (pipe_without_reader, "", ["summary", "lenet", "--json"]),
    ],
)
def test_results_that_cannot_be_printed(stream, says, args, command, tmp_path):
    """One line, exit code 1; the run itself is kept, and the same command prints its result."""
    with stream() as output, (tmp_path / "errors").open("wb") as errors:
        code, _ = command(args, tmp_path, stdout=output, stderr=errors, start_new_session=True)
    assert code == 1
    assert (tmp_path / "errors").read_text(encoding="utf-8").strip() == says
    again, told = command(args, tmp_path)
    assert again == 0
    assert told
