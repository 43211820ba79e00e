"""A damaged run folder: each fault has its line, and none is committed."""

import json

import pytest
from small_runs import ARRAYS, N_EPOCHS, N_STEPS, config_of, copied

from convlens.errors import RunError
from convlens.networks import write_arrays
from convlens.runs import Run, train_run
from convlens.training import Callback


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda about: about.update(format=3), r"has format 3; this convlens reads format 1 or 2"),
        (lambda about: about.update(format="1"), r"has format '1'; this convlens reads format 1 or 2"),
        (lambda about: about.update(format=[2]), r"has format \[2\]; this convlens reads format 1 or 2"),
        (lambda about: about.update(format=True), r"has format True; this convlens reads format 1 or 2"),
        (lambda about: about.pop("format"), r"has format None; this convlens reads format 1 or 2"),
        (lambda about: about.update(status="unfinished"), r"run.json \(`status` must be finished\)"),
        (lambda about: about.pop("status"), r"run.json \(`status` must be finished\)"),
        (lambda about: about.pop("config"), r"is damaged: run.json \('config'\)"),
        (lambda about: about.pop("run_id"), r"is damaged: run.json \('run_id'\)"),
        (lambda about: about.update(data=None), r"is damaged: run.json"),
        (lambda about: about["config"].update(epochs=0), r"is damaged: run.json .*`epochs` of a run"),
        (lambda about: about["config"].update(network={"layers": []}), r"is damaged: run.json"),
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
    assert len(str(raised.value)) < 1100


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"{", b"\xff\xfe", b"[]", b"3"])
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


@pytest.mark.parametrize("name", ARRAYS)
def test_damaged_arrays(whole, tmp_path, name):
    """A file of arrays that ends early is named, with the remedy."""
    folder = copied(whole, tmp_path / "copy")
    path = folder / f"{name}.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    run = Run(folder)
    read = {"predictions": lambda: run.predictions, "epochs/0001": lambda: run.network(1)}
    read |= {"epochs/0002": lambda: run.filters}
    with pytest.raises(
        RunError, match=rf"copy is damaged: .*{name}\.safetensors is neither a whole safetensors file"
    ):
        read.get(name, lambda: run.network(name))()
    with pytest.raises(
        RunError, match=rf"copy is damaged: {name}\.safetensors has [\d,]+ bytes, not [\d,]+;"
    ):
        run.require_whole()


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


def test_weights_of_another_network(whole, tmp_path):
    """An epoch's weights of another shape, or without a layer, are refused."""
    folder = copied(whole, tmp_path / "copy")
    arrays = {name: value.copy() for name, value in whole.network(1).params.items()}
    write_arrays(folder / "epochs" / "0001.safetensors", {**arrays, "W1": arrays["W1"][:1]})
    with pytest.raises(RunError, match=r"copy is damaged: .*0001.safetensors does not fit tiny: `W1`"):
        _ = Run(folder).filters
    write_arrays(folder / "epochs" / "0001.safetensors", {"W2": arrays["W2"]})
    with pytest.raises(
        RunError, match=r"copy is damaged: .*0001.safetensors does not fit tiny: `W1` .* Got none"
    ):
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
