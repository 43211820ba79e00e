"""Checkpoints: what goes on from one is the run in one go, and what is damaged is made again."""

import itertools
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_runs import (
    FILES,
    NETWORK,
    Callback,
    Interrupts,
    Notes,
    config_of,
    contents,
    cut,
    files_in,
    flipped,
)

from convlens.networks import read_arrays, write_arrays
from convlens.runs import train_run
from convlens.runs.checkpoint import Checkpoint
from convlens.training import OPTIMIZERS

BOOK = replace(NETWORK, dtype="float64", protocol="book")


class Steps(Callback):
    """Counts the steps that are made."""

    def __init__(self):
        self.count = 0

    def on_step(self, trainer, loss):
        self.count += 1


def slow_clock(seconds):
    """A clock that shows so many seconds more each time one looks."""
    return map(float, itertools.count(step=seconds)).__next__


def trained(config, out, callbacks=(), seconds=0, seed=0):
    np.random.seed(seed)  # the book's protocol draws from it
    return train_run(config, out, "c", callbacks, clock=slow_clock(seconds))


@pytest.mark.parametrize("network", [NETWORK, BOOK], ids=["standard", "book"])
@pytest.mark.parametrize(
    ("optimizer", "schedule"), [*((name, "constant") for name in OPTIMIZERS), ("momentum", "one-cycle")]
)
def test_from_any_step_it_is_the_run_in_one_go(data, tmp_path, network, optimizer, schedule):
    """Stopped at every step in turn and taken up within epochs, too, the bytes are those of one go."""
    config = config_of(data, network=network, optimizer=optimizer, schedule=schedule)
    trained(config, tmp_path / "whole")
    for at_step in range(1, config.n_steps + 1):
        with pytest.raises(KeyboardInterrupt):
            trained(config, tmp_path / "run", [Interrupts(at_step=at_step)], seconds=61, seed=at_step // 2)
    steps = Steps()
    trained(config, tmp_path / "run", [steps], seed=99)  # the checkpoint has its own moment of NumPy's stream
    assert steps.count == 0
    assert contents(tmp_path / "run") == contents(tmp_path / "whole")
    assert files_in(tmp_path / "run") == FILES


@pytest.mark.parametrize(("seconds", "kept"), [(0, 0), (20, 3), (30, 4), (61, 5)])
def test_what_a_kill_costs(data, tmp_path, seconds, kept):
    """Within an epoch there is a checkpoint after a minute: stopped at step 5, it goes on behind it."""
    config = config_of(data, epochs=1, batch_size=8)
    with pytest.raises(KeyboardInterrupt):
        trained(config, tmp_path / "run", [Interrupts(at_step=5)], seconds=seconds)
    steps = Steps()
    trained(config, tmp_path / "run", [steps])
    assert steps.count == config.n_steps - kept


def interrupted(data, tmp_path):
    """Return the folder aside of a run that was interrupted after its second epoch."""
    with pytest.raises(KeyboardInterrupt):
        train_run(config_of(data), tmp_path / "run", "c", [Interrupts(at_epoch=2)])
    (aside,) = tmp_path.glob(".run.*.partial")
    return aside


def added(path, content):
    path.write_bytes(path.read_bytes() + content)


LAST = "checkpoints/last.safetensors"


def with_other_texts(path, **changes):
    """Write a checkpoint's arrays with other texts."""
    write_arrays(path, read_arrays(path), changes)


def of_another_run(path):
    """Put another network's state there, whole in itself."""
    found = Checkpoint.read(path)
    state = {name: value[..., :1] if name == "params.W1" else value for name, value in found.state.items()}
    Checkpoint(state, found.files).write(path)


def without_state(path):
    found = Checkpoint.read(path)
    Checkpoint({"params.W1": found.state["params.W1"]}, found.files).write(path)


def with_files(path, change):
    found = Checkpoint.read(path)
    Checkpoint(found.state, change(found.files)).write(path)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        (LAST, lambda path: path.write_bytes(b"")),
        (LAST, cut),
        (LAST, lambda path: cut(path, 0.01)),
        *((LAST, lambda path, place=place: flipped(path, place)) for place in (0, 0.1, 0.3, 0.6, 0.9, 1)),
        (LAST, with_other_texts),
        (LAST, lambda path: with_other_texts(path, step="3", epoch="1")),  # as in format 1
        (LAST, lambda path: with_other_texts(path, format="2", files="{")),
        (LAST, lambda path: with_other_texts(path, format="3" * 5000)),
        (LAST, lambda path: (path.unlink(), path.mkdir())),
        (LAST, of_another_run),
        (LAST, without_state),
        (LAST, lambda path: with_files(path, lambda files: {"history.jsonl": files["history.jsonl"]})),
        (LAST, lambda path: with_files(path, lambda files: {**files, "../x": files["history.jsonl"]})),
        ("checkpoints", lambda path: (shutil.rmtree(path), path.write_text("x"))),
        ("checkpoints", lambda path: (shutil.rmtree(path), path.symlink_to("nowhere"))),
        ("checkpoints", lambda path: (shutil.rmtree(path), path.symlink_to(path))),
        (LAST, lambda path: (path.unlink(), path.symlink_to("nowhere"))),
        (LAST, lambda path: (path.unlink(), path.symlink_to(path))),
        ("history.jsonl", lambda path: path.write_bytes(b"")),
        ("history.jsonl", Path.unlink),
        ("history.jsonl", flipped),
        ("history.jsonl", cut),
        ("timing.jsonl", Path.unlink),
        ("timing.jsonl", flipped),
        ("initial.safetensors", Path.unlink),
        ("initial.safetensors", flipped),
        ("initial.safetensors", lambda path: (path.unlink(), path.mkdir())),
        ("epochs/0001.safetensors", Path.unlink),
        ("epochs/0002.safetensors", cut),
        ("epochs", shutil.rmtree),
    ],
)
def test_a_damaged_interrupted_run_is_made_again(whole, data, tmp_path, name, damage):
    """What cannot be read is set aside with one line until the run is whole, made from its beginning."""
    aside = interrupted(data, tmp_path)
    damage(aside / name)
    kept, notes = [], Notes()

    class Looks(Callback):
        def on_step(self, trainer, loss):
            kept.append(aside.with_suffix(".damaged").is_dir())

    train_run(config_of(data), tmp_path / "run", "c", [notes, Looks()])
    assert contents(tmp_path / "run") == contents(whole.folder)
    assert kept == [True] * 9
    (text,) = notes.texts
    assert "cannot be used" in text
    assert str(aside.with_suffix(".damaged")) in text
    assert "\n" not in text
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda aside: (aside / "run.json").write_bytes(b"{"),
        lambda aside: added(aside / "history.jsonl", b'{"event": "st'),
        lambda aside: added(aside / "timing.jsonl", b'{"epoch": 3, "seconds": 1, "ms_per_step": 1}'),
        lambda aside: (aside / "final.safetensors").write_bytes(b"half"),
        lambda aside: (aside / "predictions.safetensors").mkdir(),
        lambda aside: (aside / "checkpoints" / ".last.safetensors.7.part").write_bytes(b"half"),
        lambda aside: (aside / "epochs" / "0003.safetensors").write_bytes(b""),
        lambda aside: aside.with_suffix(".damaged").mkdir(),
    ],
)
def test_what_a_kill_leaves_behind_the_checkpoint_goes(whole, data, tmp_path, damage):
    """It costs no step: only what the checkpoint tells of is taken up."""
    damage(interrupted(data, tmp_path))
    steps, notes = Steps(), Notes()
    train_run(config_of(data), tmp_path / "run", "c", [steps, notes])
    assert (steps.count, notes.texts) == (3, [])
    assert contents(tmp_path / "run") == contents(whole.folder)
    assert files_in(tmp_path / "run") == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("error", [28, 27, 122], ids=["no space left", "file too large", "quota"])
def test_where_only_a_checkpoint_has_no_room(whole, data, tmp_path, monkeypatch, error):
    """Training goes on without checkpoints, says so in one line, and the run is the same."""
    replace_file = Path.replace

    def full(path, target):
        if target.name == "last.safetensors":
            raise OSError(error, "no room")
        return replace_file(path, target)

    monkeypatch.setattr(Path, "replace", full)
    notes = Notes()
    train_run(config_of(data), tmp_path / "run", "c", [notes])
    assert contents(tmp_path / "run") == contents(whole.folder)
    (text,) = notes.texts
    assert text.endswith("training goes on without checkpoints")


def test_checkpoints_do_not_grow(data, tmp_path):
    """After thirty epochs a checkpoint is as large as after the first, but for the names of nine files."""
    sizes = []

    class Looks(Callback):
        def on_epoch(self, trainer, scores):
            (path,) = tmp_path.glob(".run.*.partial/checkpoints/last.safetensors")
            sizes.append(path.stat().st_size)

    train_run(config_of(data, epochs=30), tmp_path / "run", "c", [Looks()])
    assert max(sizes) - min(sizes) < 200 * 9  # what it says of nine files
    assert len(list((tmp_path / "run" / "epochs").iterdir())) == 9
