"""Between the last epoch and the folder's name nothing is lost, whatever happens there."""

import errno
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_runs import FILES, NETWORK, Looks, Untrained, config_of, contents, files_in

from convlens.errors import ConvlensError, RunError
from convlens.runs import train_run
from convlens.training import Callback

BOOK = replace(NETWORK, dtype="float64", protocol="book")


class Ends(Callback):
    """Presses Ctrl-C when the last update is done."""

    def on_end(self, trainer):
        raise KeyboardInterrupt


def refusing(what, name, error):
    """Return a method of Path that fails for the file or folder that is to be called `name`."""
    original = getattr(Path, what)

    def method(self, target):
        if Path(target).name == name:
            raise error
        return original(self, target)

    return what, method


FULL, DENIED = OSError(errno.ENOSPC, "No space left"), OSError(errno.EACCES, "Permission denied")


@pytest.mark.parametrize("network", [NETWORK, BOOK], ids=["standard", "book"])
@pytest.mark.parametrize(
    ("what", "method"),
    [
        refusing("replace", "final.safetensors", KeyboardInterrupt()),
        refusing("replace", "final.safetensors", FULL),
        refusing("replace", "final.safetensors", DENIED),
        refusing("replace", "predictions.safetensors", KeyboardInterrupt()),
        refusing("replace", "predictions.safetensors", DENIED),
        refusing("replace", "run.json", FULL),
        refusing("rename", "run", KeyboardInterrupt()),
        refusing("rename", "run", DENIED),
    ],
)
def test_what_happens_after_the_last_epoch(data, tmp_path, monkeypatch, network, what, method):
    """Ctrl-C, a full disk or a failed rename costs no step: the same command finishes what is there."""
    config = config_of(data, network=network)
    np.random.seed(0)  # the book's protocol draws from it
    train_run(config, tmp_path / "whole", "c")
    np.random.seed(0)
    with monkeypatch.context() as patch:
        patch.setattr(Path, what, method)
        with pytest.raises((KeyboardInterrupt, ConvlensError)):
            train_run(config, tmp_path / "run", "c")
    assert not (tmp_path / "run").exists()
    looks = Looks(tmp_path / "run")
    train_run(config, tmp_path / "run", "c", [looks])
    assert looks.moments == 0
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")
    assert files_in(tmp_path / "run") == FILES
    assert {path.name for path in tmp_path.iterdir()} == {"run", "whole"}


def test_an_interrupt_while_the_end_is_told(whole, data, tmp_path):
    """A callback that is stopped at the end costs no step either."""
    with pytest.raises(KeyboardInterrupt):
        train_run(config_of(data), tmp_path / "run", "c", [Ends()])
    train_run(config_of(data), tmp_path / "run", "c", [Untrained()])
    assert contents(tmp_path / "run") == contents(whole.folder)


def test_what_a_kill_right_after_the_name_leaves(whole, data, tmp_path, monkeypatch):
    """The checkpoint goes last; one that is still in a finished run goes when the run is asked for."""
    unlink = Path.unlink

    def stops(path, missing_ok=False):
        if path.name == "last.safetensors":
            raise KeyboardInterrupt
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", stops)
        with pytest.raises(KeyboardInterrupt):
            train_run(config_of(data), tmp_path / "run", "c")
    assert files_in(tmp_path / "run") == {*FILES, "checkpoints/last.safetensors"}
    train_run(config_of(data), tmp_path / "run", "c", [Untrained()])
    assert files_in(tmp_path / "run") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_run_whose_name_is_taken_meanwhile(whole, data, tmp_path):
    """What somebody puts there while it trains stays; the message says where the finished run lies."""
    out = tmp_path / "run"

    class Intrudes(Callback):
        def on_end(self, trainer):
            out.mkdir()
            (out / "notes.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(RunError, match=r"The finished run lies in \S+\.partial: the same command gives") as e:
        train_run(config_of(data), out, "c", [Intrudes()])
    assert "\n" not in str(e.value)
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"
    (out / "notes.txt").rename(tmp_path / "notes.txt")
    train_run(config_of(data), out, "c", [Untrained()])
    assert contents(out) == contents(whole.folder)
    assert {path.name for path in tmp_path.iterdir()} == {"notes.txt", "run"}
