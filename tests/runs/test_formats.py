"""Formats of a run's folder: the old one is read; whatever stands in run.json, nothing but one line comes."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from small_runs import N_EPOCHS, N_STEPS, NETWORK, Untrained, config_of, copied, cut, flipped

from convlens.errors import ConvlensError, RunError
from convlens.networks import Network
from convlens.runs import Run, finished_run, train_run, verify_run
from convlens.runs.epochs import MOST_BYTES, epoch_file, kept_epochs
from small_sets import write_small_set

OLD = Path(__file__).parent / "format-1"


def test_format_1_is_read(whole):
    """A run that an earlier convlens left: its curves, weights, filters of each epoch and scores."""
    old = Run(OLD)
    assert (old.spec, old.origin, old.channels) == (NETWORK, "trained", ("grey",))
    assert (old.kept_epochs, old.preprocessing.divide) == (tuple(range(N_EPOCHS + 1)), 255)
    assert len(old.step_losses) == N_EPOCHS * N_STEPS
    assert old.curve("validation").n_samples == 10
    assert old.filters["W1"].shape == (N_EPOCHS + 1, 2, 1, 3, 3)
    np.testing.assert_array_equal(old.filters["W1"][-1], old.network().params["W1"])
    np.testing.assert_allclose(old.predictions["test"], whole.predictions["test"], rtol=1e-4, atol=1e-5)
    old.require_whole()


def test_format_1_is_verified_and_taken_for_finished(tmp_path):
    """With its data it passes every check, and the same command does not train it again."""
    folder, data = shutil.copytree(OLD, tmp_path / "run"), write_small_set(tmp_path / "small")
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    about["data"]["source"] = str(data)
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")
    checks = {check.name: check for check in verify_run(Run(folder))}
    assert [name for name, check in checks.items() if not check.passed] == []
    assert "format 1 keeps no SHA-256" in checks["files"].told
    assert train_run(config_of(data), folder, "c", [Untrained()]).run_id == Run(OLD).run_id


@pytest.mark.parametrize("name", ["initial", "final", "predictions", "filters"])
@pytest.mark.parametrize("damage", [cut, Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_damaged_run_of_format_1_is_noticed(tmp_path, name, damage):
    """A file that is missing or cut is found without hashes, too."""
    folder = shutil.copytree(OLD, tmp_path / "run")
    damage(folder / f"{name}.safetensors")
    with pytest.raises(RunError, match=r"run is damaged: .*; delete the folder and run again"):
        Run(folder).require_whole()


@pytest.mark.parametrize("name", ["initial.safetensors", "final.safetensors", "predictions.safetensors",
                                  "epochs/0002.safetensors", "history.jsonl", "timing.jsonl"])  # fmt: skip
@pytest.mark.parametrize("damage", [cut, flipped, Path.unlink, lambda path: (path.unlink(), path.mkdir())])
def test_a_finished_run_that_is_not_whole_is_noticed(whole, data, tmp_path, name, damage):
    """`train` and `reproduce` take no run for finished whose file is missing, cut or another."""
    folder = copied(whole, tmp_path / "run")
    damage(folder / name)
    for ask in (finished_run, lambda config, out: train_run(config, out, "c")):
        with pytest.raises(RunError, match=r"run is damaged: .*; delete the folder and run again") as raised:
            ask(config_of(data), folder)
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize("which", ["initial", "final", "epochs/0001"])
def test_weights_say_what_network_they_are_of(whole, which):
    """A run's own weights are opened by `Network.load`, which builds the network from what they say."""
    network = Network.load(whole.folder / f"{which}.safetensors")
    assert (network.spec, network.seed) == (NETWORK, 0)
    arrays = {"initial": 0, "final": -1, "epochs/0001": 1}
    np.testing.assert_array_equal(network.params["W1"], whole.filters["W1"][arrays[which]])


def imported(whole, folder):
    """Return a run as one whose weights come from elsewhere leaves it: scores, but no history."""
    shutil.copytree(whole.folder, folder)
    shutil.rmtree(folder / "epochs")
    for name in ("initial.safetensors", "history.jsonl", "timing.jsonl"):
        (folder / name).unlink()
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    kept = {name: about["files"][name] for name in ("final.safetensors", "predictions.safetensors")}
    about |= {"origin": "imported", "epochs": [N_EPOCHS], "files": kept}
    (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")
    return Run(folder)


def test_a_run_that_was_imported(whole, tmp_path):
    """It is whole without a history, verified as far as it goes, and says so where a history is asked for."""
    run = imported(whole, tmp_path / "run")
    run.require_whole()
    assert (run.origin, run.kept_epochs) == ("imported", (N_EPOCHS,))
    np.testing.assert_array_equal(run.network().params.vector, whole.network().params.vector)
    assert [check for check in verify_run(run, retrain=True) if not check.passed] == []
    for ask in (lambda: run.curve("test"), lambda: run.step_losses, lambda: run.seconds):
        with pytest.raises(RunError, match=r"run was imported: it has no history"):
            ask()


@pytest.mark.parametrize("last", [1, 2, 10, 11, 20, 1000])
@pytest.mark.parametrize("n_bytes", [100, 2 << 20, 5 << 20, 1 << 30])
def test_which_epochs_are_kept(last, n_bytes):
    """The first and the last ones always; at most eleven; the others within their limit together."""
    kept = kept_epochs(last, n_bytes)
    assert (kept[0], kept[-1]) == (0, last)
    assert list(kept) == sorted(set(kept))
    assert len(kept) <= 11
    assert (len(kept) - 2) * n_bytes <= MOST_BYTES
    assert len({epoch_file(epoch, last) for epoch in kept}) == len(kept)


NASTY = [None, "x", "", True, -1, 10**30, float("inf"), float("nan"), [], {}, [[]], {"a": {}}, ["x"] * 3]


def paths(about, above=()):
    """Every path of names in run.json, at most three deep."""
    for name, value in about.items():
        yield (*above, name)
        if isinstance(value, dict) and len(above) < 2:
            yield from paths(value, (*above, name))


def refusals(folder):
    """Read all that a run says of itself, and return the lines by which it refuses."""
    try:
        run = Run(folder)
    except ConvlensError as error:
        return [str(error)]
    refused = []
    for name in (name for name in dir(Run) if not name.startswith("_") and name != "data"):
        try:
            value = getattr(run, name)
            if name in {"network", "require_whole"}:
                value()
        except ConvlensError as error:
            refused.append(str(error))
    return refused


PATHS = tuple(paths(json.loads((OLD / "run.json").read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", PATHS, ids=".".join)
@pytest.mark.parametrize("folder", ["old", "new"])
def test_whatever_stands_in_run_json(whole, tmp_path, path, folder):
    """Each value in turn replaced by what it cannot be, or missing: no error but ours, of one line."""
    folder = shutil.copytree(OLD if folder == "old" else whole.folder, tmp_path / "run")
    text = (folder / "run.json").read_text(encoding="utf-8")
    for nasty in [*NASTY, "missing"]:
        about = json.loads(text)
        inner = about
        for name in path[:-1]:
            inner = inner[name]
        inner.pop(path[-1]) if nasty == "missing" else inner.update({path[-1]: nasty})
        (folder / "run.json").write_text(json.dumps(about), encoding="utf-8")
        assert all("\n" not in line for line in refusals(folder))


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"format": 2, "config": ' + b"[" * 90_000 + b"]" * 90_000 + b"}",
        b'{"format": ' + b"1" * 5000 + b"}",
        b'{"format": 1e400}',
        b'{"format": 2, "results": ' + b"9" * 5000 + b"}",
        b'{"format": null}',
        b"\xff\xfe{\x00}\x00",
        b"null",
    ],
)
@pytest.mark.parametrize("name", ["run.json", "history.jsonl", "timing.jsonl"])
def test_deep_and_giant_json(whole, tmp_path, content, name):
    """Nesting without end and numbers of 5,000 digits are damage like any other."""
    folder = copied(whole, tmp_path / "run")
    (folder / name).write_bytes(content + b"\n")
    with pytest.raises(RunError) as raised:
        Run(folder).require_whole()
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 1100
