"""Runs: what is in the folder, that it is there whole or not at all, and that an interrupted run goes on."""

import itertools
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from convlens.errors import ConvlensError, DataError, DivergedError, RunError, ShapeError, UsageError
from convlens.networks import Network, write_arrays
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu
from convlens.training import Callback, Run, RunConfig, finished_run, train_run
from convlens.training.run_lock import locked
from small_sets import write_small_set

NETWORK = NetworkSpec(
    "tiny", (1, 6, 6), (Convolution(2, 3), Relu(), Pooling(2), Affine(10)), weight_init_std="he"
)
N_EPOCHS, N_STEPS = 3, 3  # 48 pictures in batches of 20, 20 and 8
SAME_BYTES = ("initial", "final", "filters", "predictions")
FILES = {*(f"{name}.safetensors" for name in SAME_BYTES), "run.json", "history.jsonl", "timing.jsonl"}


def config_of(data, **changes):
    """A run of three epochs of three updates on a small set, with 10 pictures held out."""
    fields = {"train_size": 48, "epochs": N_EPOCHS, "batch_size": 20, "optimizer_param": {"lr": 0.01}}
    return RunConfig(NETWORK, str(data), **{**fields, **changes})


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A folder of four IDX files: 60 and 20 pictures of 6x6."""
    return write_small_set(tmp_path_factory.mktemp("small set"))


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory):
    """The run, done in one go."""
    return train_run(config_of(data), tmp_path_factory.mktemp("runs") / "whole", "the command")


def contents(folder):
    """The bytes that must not depend on when, where or how often a run was interrupted."""
    names = [f"{name}.safetensors" for name in SAME_BYTES]
    return {name: (folder / name).read_bytes() for name in [*names, "history.jsonl"]}


class Interrupts(Callback):
    """Presses Ctrl-C at a step, or at an epoch's end."""

    def __init__(self, at_step=None, at_epoch=None, error=KeyboardInterrupt):
        self.at_step, self.at_epoch, self.error = at_step, at_epoch, error

    def on_step(self, trainer, loss):
        if trainer.current_iter + 1 == self.at_step:
            raise self.error

    def on_epoch(self, trainer, scores):
        if scores.epoch == self.at_epoch:
            raise self.error


class Looks(Callback):
    """Checks at every moment that nothing is at `out` yet."""

    def __init__(self, out):
        self.out, self.moments = out, 0

    def on_step(self, trainer, loss):
        assert not self.out.exists()
        self.moments += 1

    on_epoch = on_step

    def on_end(self, trainer):
        assert not self.out.exists()


def test_what_is_in_the_folder(whole):
    """Exactly the files that the plan names, and nothing beside the folder."""
    assert {path.name for path in whole.folder.iterdir()} == FILES
    assert [path.name for path in whole.folder.parent.iterdir()] == ["whole"]


def test_readable_without_convlens(whole, data):
    """safetensors and json alone give everything: what was run, on which data, and what came of it."""
    about = json.loads((whole.folder / "run.json").read_text(encoding="utf-8"))
    assert (about["format"], about["status"], about["command"]) == (1, "finished", "the command")
    assert about["run_id"] == config_of(data).run_id
    assert about["config"] == json.loads(json.dumps(config_of(data).to_dict()))
    assert about["config"]["network"]["layers"][0]["kind"] == "convolution"
    assert about["data"]["source"] == str(data)
    assert about["data"]["split"] == {
        "name": "first-48", "train": [0, 48], "validation": [48, 58], "test_head": 1000
    }  # fmt: skip
    assert about["data"]["class_names"] == [str(i) for i in range(10)]
    assert {len(digest) for digest in about["data"]["sha256"].values()} == {64}
    assert {"convlens", "python", "numpy", "blas", "system"} <= set(about["versions"])
    assert about["seeds"] == {"initial weights": 0, "order": 0}
    assert about["threads"] >= 1
    arrays = {name: load_file(whole.folder / f"{name}.safetensors") for name in SAME_BYTES}
    assert {name: value.shape for name, value in arrays["final"].items()} == NETWORK.parameter_shapes
    assert arrays["filters"]["W1"].shape == (N_EPOCHS + 1, 2, 1, 3, 3)
    shapes = {name: value.shape for name, value in arrays["predictions"].items()}
    assert shapes == {"test": (20, 10), "validation": (10, 10)}


def test_the_arrays_belong_together(whole):
    """Filters run from the initial to the final weights; predictions are the final network's."""
    for which, place in (("initial", 0), ("final", -1)):
        np.testing.assert_array_equal(whole.network(which).params["W1"], whole.filters["W1"][place])
    np.testing.assert_array_equal(whole.network("initial").params.vector, Network(NETWORK, 0).params.vector)
    assert not np.array_equal(whole.filters["W1"][0], whole.filters["W1"][-1])
    final = whole.network()
    np.testing.assert_allclose(
        final.predict(whole.data.test.x), whole.predictions["test"], rtol=1e-5, atol=1e-6
    )
    right = final.predict(whole.data.test.x).argmax(axis=1) == whole.data.test.t
    assert whole.results["test_accuracy"] == whole.results["test_accuracy_head"] == right.mean()
    assert (whole.results["n_test"], whole.results["n_validation"]) == (20, 10)


def test_history(whole):
    """One line an update and one an epoch, in order, without any clock; the curves are read from it."""
    lines = (whole.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    kinds = [*["step"] * N_STEPS, "epoch"] * N_EPOCHS
    assert [event["event"] for event in events] == kinds
    steps = [event for event in events if event["event"] == "step"]
    assert [event["step"] for event in steps] == list(range(1, 10))
    assert whole.step_losses.tolist() == [event["loss"] for event in steps]
    last = events[-1]
    assert set(last) == {"event", "epoch", "train", "test", "validation"}
    for part, n in (("train", 48), ("test", 20), ("validation", 10)):
        curve = whole.curve(part)
        assert (len(curve.accuracy), len(curve.loss), curve.n_samples) == (N_EPOCHS, N_EPOCHS, n)
        assert curve.accuracy[-1] == last[part]["accuracy"]
    assert whole.curve("test").accuracy[-1] == whole.results["test_accuracy"]


def test_a_run_says_what_it_is(whole, data):
    """Name, spec, seed, command and class names without opening an array."""
    assert (whole.name, whole.spec, whole.seed, whole.command) == ("whole", NETWORK, 0, "the command")
    assert whole.config == config_of(data)
    assert whole.class_names == tuple("0123456789")


def test_timing(data, tmp_path):
    """Seconds come from the clock that is given, and are in timing.jsonl alone."""
    ticks = itertools.count()
    run = train_run(config_of(data, epochs=2), tmp_path / "run", "c", clock=lambda: float(next(ticks)))
    assert run.milliseconds_per_step == 1000
    events = [json.loads(line) for line in (run.folder / "timing.jsonl").read_text("utf-8").splitlines()]
    assert [event["epoch"] for event in events] == [1, 2]
    assert run.seconds == sum(event["seconds"] for event in events) > 2 * N_STEPS


def test_the_same_run_again(whole, data, tmp_path):
    """The same config gives the same bytes elsewhere; another seed gives others."""
    again = train_run(config_of(data), tmp_path / "again", "another command")
    assert contents(again.folder) == contents(whole.folder)
    other = train_run(config_of(data, seed=1), tmp_path / "other", "c")
    assert all(contents(other.folder)[name] != content for name, content in contents(whole.folder).items())


def test_a_finished_run_is_returned(whole, data):
    """Asked for again, it is read, not trained: no callback hears of it, no byte changes."""
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in whole.folder.iterdir()}
    again = train_run(config_of(data), whole.folder, "c", [Interrupts(at_step=1)])
    assert again.run_id == whole.run_id
    assert before == {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in whole.folder.iterdir()
    }


@pytest.mark.parametrize("at_step", range(1, N_EPOCHS * N_STEPS + 1))
def test_interrupted_at_any_step(whole, data, tmp_path, at_step):
    """Interrupted at a step and continued, a run leaves the bytes of one that was not interrupted."""
    out = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        train_run(config_of(data), out, "c", [Interrupts(at_step=at_step)])
    assert not out.exists()
    run = train_run(config_of(data), out, "c")
    assert contents(out) == contents(whole.folder)
    assert {path.name for path in out.iterdir()} == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert len((out / "timing.jsonl").read_text(encoding="utf-8").splitlines()) == N_EPOCHS
    assert run.results == whole.results


@pytest.mark.parametrize("at_epoch", [1, 2, 3])
def test_interrupted_at_an_epochs_end(whole, data, tmp_path, at_epoch):
    """Interrupted right after a checkpoint, it goes on after it: no epoch is trained twice."""
    out, looks = tmp_path / "run", Looks(tmp_path / "run")
    with pytest.raises(KeyboardInterrupt):
        train_run(config_of(data), out, "c", [Interrupts(at_epoch=at_epoch)])
    train_run(config_of(data), out, "c", [looks])
    assert looks.moments == (N_EPOCHS - at_epoch) * (N_STEPS + 1)
    assert contents(out) == contents(whole.folder)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"])
def test_interrupted_again_and_again(data, tmp_path, optimizer):
    """Interrupted at every step in turn, with whatever optimizer, the bytes are those of one go."""
    config = config_of(data, optimizer=optimizer)
    train_run(config, tmp_path / "whole", "c")
    for at_step in range(1, N_EPOCHS * N_STEPS + 1):
        with pytest.raises(KeyboardInterrupt):
            train_run(config, tmp_path / "run", "c", [Interrupts(at_step=at_step)])
    train_run(config, tmp_path / "run", "c")
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")


def test_the_trainer_goes_on_with_its_lists(data, tmp_path):
    """After going on, the Trainer's lists hold the whole training, as if it had been one."""

    class Keeps(Callback):
        def on_end(self, trainer):
            """Keep the lists."""
            self.lists = (trainer.train_loss_list, trainer.train_acc_list, trainer.test_acc_list)

    one, two = Keeps(), Keeps()
    train_run(config_of(data), tmp_path / "one", "c", [one])
    with pytest.raises(KeyboardInterrupt):
        train_run(config_of(data), tmp_path / "two", "c", [Interrupts(at_step=5)])
    train_run(config_of(data), tmp_path / "two", "c", [two])
    assert one.lists == two.lists
    assert [len(values) for values in two.lists] == [9, 3, 3]


def test_a_history_with_half_a_line(whole, data, tmp_path):
    """What a crash left of a line, and events behind the checkpoint, are dropped when the run goes on."""
    out = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        train_run(config_of(data), out, "c", [Interrupts(at_epoch=2)])
    (aside,) = tmp_path.glob(".run.*.partial")
    with (aside / "history.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"event": "step", "step": 7, "loss": 1.0}\n{"event": "st')
    with (aside / "timing.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"epo')
    (aside / "checkpoints" / ".last.safetensors.1.part").write_bytes(b"half")
    (aside / ".final.safetensors.1.part").write_bytes(b"half")
    train_run(config_of(data), out, "c")
    assert contents(out) == contents(whole.folder)
    assert {path.name for path in out.iterdir()} == FILES


def test_nothing_is_there_until_it_is_finished(data, tmp_path):
    """At no step and no epoch's end is there anything at `out`; a missing parent folder is made."""
    out = tmp_path / "deep" / "run"
    looks = Looks(out)
    train_run(config_of(data), out, "c", [looks])
    assert looks.moments == N_EPOCHS * (N_STEPS + 1)
    assert out.exists()


def test_an_empty_folder_is_taken(data, tmp_path):
    """A folder without anything in it may be given as `out`."""
    (tmp_path / "run").mkdir()
    assert train_run(config_of(data, epochs=1), tmp_path / "run", "c").name == "run"


def test_another_run_is_not_overwritten(whole, data):
    """`out` with another run in it is refused, with both ids, and untouched."""
    before = contents(whole.folder)
    with pytest.raises(
        UsageError, match=rf"holds another run \({whole.run_id}, not \w+\): choose another --out"
    ):
        train_run(config_of(data, seed=7), whole.folder, "c")
    assert contents(whole.folder) == before


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_other_things_are_not_overwritten(data, tmp_path, kind):
    """Whatever is no run of ours is refused and stays."""
    out = tmp_path / "mine"
    if kind == "file":
        out.write_text("mine", encoding="utf-8")
    else:
        out.mkdir()
        (out / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine exists and is not a run of convlens: choose another --out"):
        train_run(config_of(data), out, "c")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert finished_run(config_of(data), tmp_path / "nothing") is None


def test_divergence_leaves_nothing(data, tmp_path):
    """A run that diverges says step and layer, and neither it nor its checkpoints are kept."""
    config = config_of(data, optimizer="momentum", optimizer_param={"lr": 1e38}, epochs=9)
    with pytest.raises(
        DivergedError, match=r"the loss became \S+ at step \d+ \(epoch \d+\): .* layer \w+; a sm"
    ):
        train_run(config, tmp_path / "run", "c")
    assert list(tmp_path.iterdir()) == []


def test_an_error_in_a_callback_keeps_the_checkpoint(whole, data, tmp_path):
    """Any other error passes through, and the run can go on."""
    with pytest.raises(ZeroDivisionError):
        train_run(config_of(data), tmp_path / "run", "c", [Interrupts(at_step=8, error=ZeroDivisionError)])
    train_run(config_of(data), tmp_path / "run", "c")
    assert contents(tmp_path / "run") == contents(whole.folder)


def test_data_that_do_not_fit(data, tmp_path):
    """Pictures of another size and more classes than outputs are refused before anything is written."""
    wrong = [
        (
            NetworkSpec("wide", (1, 7, 7), (Affine(10),)),
            ShapeError,
            r"wide takes pictures of 1 x 7 x 7. .* has 1 x 6",
        ),
        (NetworkSpec("few", (1, 6, 6), (Affine(3),)), UsageError, r"has 10 classes; few knows 3"),
    ]
    for network, error, words in wrong:
        with pytest.raises(error, match=words) as raised:
            train_run(RunConfig(network, str(data), train_size=48, batch_size=20), tmp_path / "run", "c")
        assert raised.value.exit_code == 2
    with pytest.raises(DataError, match=r"is not a folder"):
        train_run(config_of(tmp_path / "none"), tmp_path / "run", "c")
    assert list(tmp_path.iterdir()) == []


def test_all_images_leave_nothing_for_validation(data, tmp_path):
    """Trained on every image, a run has no validation scores, and says so when asked."""
    run = train_run(config_of(data, train_size=60, epochs=1), tmp_path / "run", "c")
    assert list(run.predictions) == ["test"]
    assert "validation_accuracy" not in run.results
    with pytest.raises(RunError, match=r"has no scores of validation images"):
        run.curve("validation")


def test_changed_data(tmp_path):
    """A run whose data have changed since says so instead of showing other pictures."""
    folder = write_small_set(tmp_path / "data")
    run = train_run(config_of(folder, epochs=1), tmp_path / "run", "c")
    assert len(Run(run.folder).data.test.x) == 20
    write_small_set(folder, seed=1)
    with pytest.raises(RunError, match=r"the data at .* are not those of the run"):
        _ = Run(run.folder).data


def copied(run, folder):
    """A copy of a run that may be damaged."""
    folder.mkdir()
    for path in run.folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda about: about.update(format=2), r"has format 2; this convlens reads format 1"),
        (lambda about: about.pop("format"), r"has format None; this convlens reads format 1"),
        (lambda about: about.pop("config"), r"is damaged: run.json \('config'\)"),
        (lambda about: about.pop("run_id"), r"is damaged: run.json \('run_id'\)"),
        (lambda about: about.update(data=None), r"is damaged: run.json"),
        (lambda about: about["config"].update(epochs=0), r"is damaged: run.json .*`epochs` of a run"),
        (
            lambda about: about["config"].update(network="simple"),
            r"is damaged: run.json .*a network is a table",
        ),
        (
            lambda about: about["config"]["network"].update(dtype="f"),
            r"is damaged: run.json .*`dtype` must be",
        ),
    ],
)
def test_a_damaged_run_json(whole, tmp_path, change, words):
    """Each fault gives one line that names the run and what is wrong with it."""
    folder = copied(whole, tmp_path / "copy")
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    change(about)
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(RunError, match=words) as raised:
        Run(folder)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"3"])
def test_no_run_json(whole, tmp_path, content):
    """Bytes that are no run.json, or none at all, are refused."""
    folder = copied(whole, tmp_path / "copy")
    (folder / "run.json").write_bytes(content)
    with pytest.raises(RunError, match=r"copy (is damaged|has format)"):
        Run(folder)
    (folder / "run.json").unlink()
    with pytest.raises(RunError, match=r"copy is not a run: cannot read run.json"):
        Run(folder)


def test_a_damaged_history(whole, tmp_path):
    """What was added after the end and not finished is left out; a broken line is named by its number."""
    folder = copied(whole, tmp_path / "copy")
    text = (folder / "history.jsonl").read_text(encoding="utf-8")
    (folder / "history.jsonl").write_text(text + text[:20], encoding="utf-8")
    assert len(Run(folder).curve("test").accuracy) == N_EPOCHS
    assert len(Run(folder).step_losses) == N_EPOCHS * N_STEPS
    lines = text.splitlines(keepends=True)
    (folder / "history.jsonl").write_text("".join([*lines[:2], "{oops\n", *lines[2:]]), encoding="utf-8")
    with pytest.raises(
        RunError, match=r"copy is damaged: history.jsonl, line 3 is not JSON; delete the folder"
    ):
        _ = Run(folder).step_losses
    (folder / "history.jsonl").unlink()
    with pytest.raises(RunError, match=r"copy is damaged: cannot read history.jsonl"):
        _ = Run(folder).step_losses


@pytest.mark.parametrize("name", SAME_BYTES)
def test_damaged_arrays(whole, tmp_path, name):
    """A file of arrays that ends early is named, with the remedy."""
    folder = copied(whole, tmp_path / "copy")
    path = folder / f"{name}.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    run = Run(folder)
    read = {"filters": lambda: run.filters, "predictions": lambda: run.predictions}
    with pytest.raises(
        RunError, match=rf"copy is damaged: .*{name}\.safetensors is neither a whole safetensors file"
    ):
        read.get(name, lambda: run.network(name))()


def child(code, *arguments):
    """Run Python code in a process of its own, with the tests' modules and `config_of` at hand."""
    here = Path(__file__).parent
    start = f"import sys; sys.path[:0] = [{str(here)!r}, {str(here.parent)!r}]\nfrom test_run import *\n"
    return subprocess.run(
        [sys.executable, "-c", start + code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


FULL_DISK = """
import resource
data, folder = sys.argv[1], Path(sys.argv[2])

def allow(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

class Fills(Callback):
    def __init__(self, moment, size, due=lambda trainer: True):
        setattr(self, moment, lambda trainer, *_: allow(size) if due(trainer) else None)

last = lambda trainer: trainer.current_epoch == N_EPOCHS
for moment, size, *due in [
    ("on_start", 0), ("on_start", 99), ("on_step", 50), ("on_step", 999), ("on_step", 2000), ("on_epoch", 99),
    ("on_epoch", 0, last), ("on_epoch", 700, last), ("on_end", 0), ("on_end", 1200), ("on_end", 1700),
    ("on_end", 10**6),
]:
    out = folder / f"{moment} {size} {len(due)}"
    try:
        train_run(config_of(data), out, "c", [Fills(moment, size, *due)])
        message = ""
    except ConvlensError as error:
        message = str(error)
    finally:
        allow(resource.RLIM_INFINITY)
    print(json.dumps([out.name, out.exists(), message]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_full_disk(whole, data, tmp_path):
    """Where a file cannot be written there is one line, nothing at `out`, and the run can go on later."""
    done = child(FULL_DISK, data, tmp_path)
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    failed = {message.split("/")[-1].split(":")[0] for _, exists, message in results if not exists}
    assert failed == {
        "history.jsonl",
        "last.safetensors",
        "final.safetensors",
        "predictions.safetensors",
        "run.json",
    }
    for name, exists, message in results:
        assert exists == (message == "")
        assert exists or (message.startswith("cannot write ") and message.endswith(": File too large."))
        assert "\n" not in message
        run = train_run(config_of(data), tmp_path / name, "c")
        assert contents(run.folder) == contents(whole.folder)
    assert {path.name for path in tmp_path.iterdir()} == {name for name, *_ in results}


KILLED = """
import os, signal
data, out, at = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
flush, calls = os.fsync, iter(range(1, 1000))

def fsync(descriptor):
    flush(descriptor)
    if next(calls) == at:
        os.kill(os.getpid(), signal.SIGKILL)

os.fsync = fsync
train_run(config_of(data), out, "c")
"""


def killed_and_continued(data, out, at):
    """Kill a run, as `kill -9` does, when it has flushed `at` files, and go on; say whether it was killed."""
    process = child(KILLED, data, out, at)
    assert process.returncode in {0, -9}, process.stderr
    assert out.exists() == (process.returncode == 0) or at > 1
    train_run(config_of(data), out, "c")
    return process.returncode == -9


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_in_the_middle(whole, data, tmp_path):
    """Killed while it writes a checkpoint, a run goes on and leaves the bytes of one go."""
    assert killed_and_continued(data, tmp_path / "run", at=8)
    assert contents(tmp_path / "run") == contents(whole.folder)
    assert {path.name for path in (tmp_path / "run").iterdir()} == FILES


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_at_any_write(whole, data, tmp_path):
    """Killed after each of its writes in turn, a run goes on, and leaves the bytes of one go."""
    for at in itertools.count(1):
        out = tmp_path / f"run {at}"
        was_killed = killed_and_continued(data, out, at)
        assert contents(out) == contents(whole.folder), at
        assert {path.name for path in out.iterdir()} == FILES
        if not was_killed:
            break
    assert at > 10
    assert len(list(tmp_path.iterdir())) == at  # nothing is left aside


def test_errors_are_ours():
    """Every error that a run raises on purpose is a ConvlensError, which the command turns into one line."""
    for error in (DataError, DivergedError, RunError, ShapeError, UsageError):
        assert issubclass(error, ConvlensError)


def test_a_second_process_is_refused(whole, data, tmp_path):
    """While a run is made nobody else makes it; nothing of the lock is left behind, and the run is whole."""

    class Meanwhile(Callback):
        def on_step(self, trainer, loss):
            with pytest.raises(RunError, match=r"another convlens is making this run, .*run: wait for it"):
                train_run(config_of(data), tmp_path / "run", "c")

    run = train_run(config_of(data), tmp_path / "run", "c", [Meanwhile()])
    assert contents(run.folder) == contents(whole.folder)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


SCRIPT = """
import sys
from convlens.cli import main
sys.argv = ["convlens", "train", "lenet", "--train-size", "600", "--epochs", "6", "--batch-size", "50",
            "--out", sys.argv[1], "-q"]
main()
"""


@pytest.mark.parametrize("attempt", range(2))
def test_two_processes_at_once(tmp_path, attempt):
    """Of two processes started together one makes the run, whole; the other says so or finds it made."""
    out = tmp_path / "r"
    command = [sys.executable, "-c", SCRIPT, str(out)]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    errors = [process.communicate(timeout=120)[1] for process in both]
    codes = [process.returncode for process in both]
    assert sorted(codes) in ([0, 0], [0, 1]), errors
    for code, error in zip(codes, errors, strict=True):
        assert code == 0 or "another convlens is making this run" in error
    Run(out).require_whole()
    assert len(Run(out).step_losses) == 6 * 12
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_process_that_was_killed(tmp_path):
    """`kill -9` leaves the lock's file but not the lock: the same command goes on, and clears it away."""
    out = tmp_path / "r"
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(out)], stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".r.*/checkpoints/last.safetensors")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert len(list(tmp_path.glob(".r.*.lock"))) == 1
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    Run(out).require_whole()
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_a_lock_that_was_left_is_cleared(whole, data, tmp_path):
    """Killed after the run got its name, only the lock's file is left: asked for again, it goes."""
    folder = copied(whole, tmp_path / "run")
    (tmp_path / f".run.{whole.run_id}.lock").write_bytes(b"")
    train_run(config_of(data), folder, "c")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_locks(tmp_path):
    """One holder at a time; a file that is left over does not matter; another's new file is not removed."""
    path = tmp_path / "l"
    path.write_bytes(b"left over")
    with locked(path) as first, locked(path) as second:
        assert (first, second) == (True, False)
    assert not path.exists()
    with locked(path) as again:
        assert again
    with pytest.raises(ConvlensError, match=r"cannot lock .*: "), locked(tmp_path / "none" / "l"):
        pass


def damage(folder, name, change):
    """Change the lines of one of a run's .jsonl files."""
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    (folder / name).write_text("".join(f"{line}\n" for line in change(lines)), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("history.jsonl", lambda lines: lines[:-1], "each epoch from 1 to 3 once, and tells of 2"),
        ("history.jsonl", lambda lines: lines[1:], "each step from 1 to 9 once, and tells of 8"),
        ("history.jsonl", lambda lines: [*lines, *lines], "each step from 1 to 9 once, and tells of 18"),
        ("history.jsonl", lambda lines: [lines[1], lines[0], *lines[2:]], "each step from 1 to 9 once"),
        ("history.jsonl", lambda lines: ["{}", *lines], "line 1 is not an event of a run"),
        ("history.jsonl", lambda lines: ["[1]", *lines], "line 1 is not an event of a run"),
        ("history.jsonl", lambda lines: ['{"event": ["step"]}', *lines], "line 1 is not an event"),
        ("history.jsonl", lambda lines: ['{"event": "step", "step": 1}', *lines], "line 1 is not an event"),
        ("history.jsonl", lambda lines: ['{"event": "step", "step": true, "loss": 1}'], "line 1 is not"),
        ("history.jsonl", lambda lines: ['{"event": "epoch", "epoch": 1, "train": 3}'], "line 1 is not"),
        ("timing.jsonl", lambda lines: ['{"epoch": 1}'], "timing.jsonl, line 1 is not an event of a run"),
        ("timing.jsonl", lambda lines: lines[1:], "each epoch from 1 to 3 once, and tells of 2"),
    ],
)
def test_a_run_that_is_not_whole(whole, data, tmp_path, name, change, words):
    """What two writers, or an editor, left of a run is refused with the remedy: read, or asked for again."""
    folder = copied(whole, tmp_path / "copy")
    damage(folder, name, change)
    for use in (lambda: Run(folder).require_whole(), lambda: train_run(config_of(data), folder, "c")):
        with pytest.raises(RunError) as raised:
            use()
        assert str(raised.value).startswith(f"{folder} is damaged: {name}")
        assert words in str(raised.value)
        assert str(raised.value).endswith("; delete the folder and run again.")


def test_filters_that_are_not_those_of_each_epoch(whole, tmp_path):
    """A stack with an epoch too few, or another's, is refused."""
    folder = copied(whole, tmp_path / "copy")
    write_arrays(folder / "filters.safetensors", {"W1": whole.filters["W1"][:-1]})
    with pytest.raises(RunError, match=r"copy is damaged: filters.safetensors does not hold the filters of"):
        _ = Run(folder).filters


def test_nothing_damaged_is_committed(data, tmp_path):
    """Whatever happened to the history while the run was made, a run that is not whole gets no name."""

    class Doubles(Callback):
        def on_end(self, trainer):
            (aside,) = tmp_path.glob(".run.*.partial")
            damage(aside, "history.jsonl", lambda lines: [*lines, *lines])

    with pytest.raises(
        RunError, match=r"partial is damaged: history.jsonl .*; delete the folder and run again"
    ):
        train_run(config_of(data), tmp_path / "run", "c", [Doubles()])
    assert not (tmp_path / "run").exists()


def test_a_run_under_the_books_protocol(data, tmp_path):
    """The book judges before an epoch's end; the updates after the last evaluation are recorded too."""
    network = NetworkSpec(
        "booky", (1, 6, 6), (Convolution(2, 3), Affine(10)), dtype="float64", protocol="book"
    )
    run = train_run(RunConfig(network, str(data), 48, 3, 20), tmp_path / "run", "c")
    assert len(run.step_losses) == run.config.n_steps == 3 * 2
    assert len(run.curve("test").accuracy) == 3


def test_a_run_is_reopened_from_elsewhere(tmp_path, monkeypatch):
    """Data given by a relative path are recorded by an absolute one, and the command as it was typed."""
    write_small_set(tmp_path / "raw")
    monkeypatch.chdir(tmp_path)
    config = config_of("raw", epochs=1)
    command = config.command("net.toml", "run")
    train_run(config, tmp_path / "run", command)
    monkeypatch.chdir("/")
    run = Run(tmp_path / "run")
    assert len(run.data.test.x) == 20
    assert run.about["data"]["source"] == str(tmp_path / "raw")
    assert "--data raw" in run.command
    assert run.config == config


def test_data_of_the_same_name(tmp_path):
    """Another folder of the same name gives the same id; only the same pictures are the same run."""
    first, same, other = (tmp_path / place / "raw" for place in "abc")
    write_small_set(first)
    write_small_set(same)
    write_small_set(other, seed=1)
    out = tmp_path / "run"
    run = train_run(config_of(first, epochs=1), out, "c")
    assert train_run(config_of(same, epochs=1), out, "c").run_id == run.run_id
    with pytest.raises(UsageError, match=r"run holds a run on other data, .*a.raw: choose another --out"):
        train_run(config_of(other, epochs=1), out, "c")
    for folder in (first, other):  # neither goes on with what the other has left
        with pytest.raises(KeyboardInterrupt):
            train_run(config_of(folder), tmp_path / "cut", "c", [Interrupts(at_epoch=1)])
    assert len(list(tmp_path.glob(".cut.*.partial"))) == 2
