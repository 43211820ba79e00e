"""A run that is interrupted, killed or out of disk goes on to the same bytes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_runs import FILES, N_EPOCHS, N_STEPS, Interrupts, Looks, config_of, contents, files_in

from convlens.runs import train_run
from convlens.training import OPTIMIZERS, Callback


@pytest.mark.parametrize("at_step", range(1, N_EPOCHS * N_STEPS + 1))
def test_interrupted_at_any_step(whole, data, tmp_path, at_step):
    """Interrupted at a step and continued, a run leaves the bytes of one that was not interrupted."""
    out = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        train_run(config_of(data), out, "c", [Interrupts(at_step=at_step)])
    assert not out.exists()
    run = train_run(config_of(data), out, "c")
    assert contents(out) == contents(whole.folder)
    assert files_in(out) == FILES
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


@pytest.mark.parametrize(
    "changes",
    [
        *({"optimizer": name} for name in OPTIMIZERS),
        {"optimizer": "momentum", "weight_decay": 0.1, "clip_norm": 0.5, "ema": 0.8, "warm_up": 1.5},
        {"ema": 0.8, "engine": "layers"},
    ],
    ids=lambda changes: "-".join(map(str, changes.values())),
)
def test_interrupted_again_and_again(data, tmp_path, changes):
    """Interrupted at every step in turn, with whatever optimizer, the bytes are those of one go."""
    config = config_of(data, **changes)
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
    assert files_in(out) == FILES


def test_an_error_in_a_callback_keeps_the_checkpoint(whole, data, tmp_path):
    """Any other error passes through, and the run can go on."""
    with pytest.raises(ZeroDivisionError):
        train_run(config_of(data), tmp_path / "run", "c", [Interrupts(at_step=8, error=ZeroDivisionError)])
    train_run(config_of(data), tmp_path / "run", "c")
    assert contents(tmp_path / "run") == contents(whole.folder)


def child(code, *arguments):
    """Run Python code in a process of its own, with the tests' modules and `config_of` at hand."""
    here = Path(__file__).parent
    start = f"import sys; sys.path[:0] = [{str(here)!r}, {str(here.parent)!r}]\nfrom {__name__} import *\n"
    return subprocess.run(
        [sys.executable, "-c", start + code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


FULL_DISK = """
from convlens.errors import ConvlensError
import resource
data, folder = sys.argv[1], Path(sys.argv[2])

def allow(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

class Fills(Callback):
    def __init__(self, moment, size, due=lambda trainer: True):
        setattr(self, moment, lambda trainer, *_: allow(size) if due(trainer) else None)

last = lambda trainer: trainer.current_epoch == N_EPOCHS
for moment, size, *due in [
    ("on_start", 0), ("on_start", 99), ("on_step", 50), ("on_step", 999), ("on_step", 1200), ("on_epoch", 99),
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
        "0001.safetensors",
        "0002.safetensors",
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
    assert files_in(tmp_path / "run") == FILES


KILLED_AT_EACH = KILLED.replace(
    'train_run(config_of(data), out, "c")',
    """
import itertools
for at in itertools.count(1):  # a fork each: the readable layers start no threads
    child = os.fork()
    if not child:
        train_run(config_of(data, engine="layers"), out / f"run {at}", "c")
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
print(at)
""",
)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_at_any_write(data, tmp_path_factory, tmp_path):
    """Killed after each of its writes in turn, a run goes on, and leaves the bytes of one go."""
    config = config_of(data, engine="layers")
    whole = train_run(config, tmp_path_factory.mktemp("whole") / "run", "c")
    process = child(KILLED_AT_EACH, data, tmp_path, 0)
    assert process.returncode == 0, process.stderr
    last = int(process.stdout)
    assert last > 10
    for at in range(1, last + 1):
        out = tmp_path / f"run {at}"
        assert out.exists() or at < last
        train_run(config, out, "c")
        assert contents(out) == contents(whole.folder), at
        assert files_in(out) == FILES
    assert len(list(tmp_path.iterdir())) == last  # nothing is left aside
