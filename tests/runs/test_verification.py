"""A run's folder is checked against itself: what is true passes, and each kind of lie is found."""

import json
import re
import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from small_runs import FILES, cut, flipped

from convlens.cli.verify import verify
from convlens.errors import RunError
from convlens.findings.exciting_patches import exciting_patches
from convlens.networks import read_arrays, write_arrays
from convlens.runs import Run, RunConfig, train_run, verify_run
from convlens.spec import Affine, Convolution, NetworkSpec, Pooling, Relu
from small_sets import write_small_set

SPEC = NetworkSpec(
    "Small", (1, 6, 6), (Convolution(3, 3), Relu(), Pooling(2), Affine(10)), weight_init_std="he"
)


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    """A run as it was trained."""
    folder = tmp_path_factory.mktemp("verified")
    data = write_small_set(folder / "data")
    config = RunConfig(SPEC, data=str(data), train_size=40, epochs=3, batch_size=10, evaluate_samples=15)
    return train_run(config, folder / "run", "convlens train").folder


@pytest.fixture
def run(honest, tmp_path):
    """A copy of it to lie about."""
    return shutil.copytree(honest, tmp_path / "run")


def failed(folder, **options):
    """Return the names of the checks that fail."""
    return {check.name for check in verify_run(Run(folder), **options) if not check.passed}


def edited(folder, change):
    """Change what run.json says."""
    path = folder / "run.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    change(about)
    path.write_text(json.dumps(about), encoding="utf-8")


def moved(folder, name, change):
    """Change the arrays of a file."""
    path = folder / f"{name}.safetensors"
    arrays = {key: value.copy() for key, value in read_arrays(path).items()}
    change(arrays)
    write_arrays(path, arrays)


def restamped(folder):
    """Have run.json tell of the files as they are now, as a careful liar would."""

    def stamps(about):
        for name in about["files"]:
            content = (folder / name).read_bytes()
            about["files"][name] = {"bytes": len(content), "sha256": sha256(content).hexdigest()}

    edited(folder, stamps)


def test_an_honest_run_passes(honest):
    """Every check does, the second training too, which gives the same bits."""
    checks = list(verify_run(Run(honest), retrain=True))
    assert [check for check in checks if not check.passed] == []
    assert checks[-1].told == "the same weights, bit by bit, and the same losses"


def better(about):
    about["results"]["test_accuracy"] = 0.99


def more(about):
    about["results"]["n_test"] = 1000


def reseeded(about):
    about["config"]["seed"] = 7


@pytest.mark.parametrize(
    ("change", "names"),
    [(better, {"accuracy"}), (more, {"accuracy"}), (reseeded, {"config", "first weights"})],
)
def test_a_changed_run_json_is_found(run, change, names):
    """An accuracy that the scores do not give, and a setting that was another."""
    edited(run, change)
    assert failed(run) == names


def test_a_run_json_of_another_form_is_answered(run):
    """Whatever it holds, each check says whether it passed."""
    edited(run, lambda about: (about["data"].pop("sha256"), about.update(results=[], versions=None)))
    assert failed(run) >= {"data", "accuracy"}


def other_scores(arrays):
    arrays["test"][:, 3] += 100


def not_numbers(arrays):
    arrays["test"][0, 0] = np.nan


def fewer(arrays):
    arrays["test"] = arrays["test"][:-1]


@pytest.mark.parametrize("change", [other_scores, not_numbers, fewer])
def test_changed_scores_are_found(run, change):
    """Scores that the weights do not give."""
    moved(run, "predictions", change)
    assert failed(run) >= {"predictions", "accuracy", "last epoch"}


def test_changed_weights_are_found(run):
    """Weights that give other scores, however careful the liar was."""
    moved(run, "final", lambda arrays: arrays["W1"].__imul__(1.5))
    assert failed(run) >= {"files", "predictions"}
    restamped(run)
    assert "predictions" in failed(run)


def test_a_cut_file_is_found(run):
    """What cannot be read has not passed; the other checks go on."""
    path = run / "history.jsonl"
    path.write_text(
        "".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:-2]), encoding="utf-8"
    )
    assert failed(run) == {"files", "last epoch"}


def test_other_data_are_found(run, tmp_path):
    """Files with another SHA-256, in the place of those that were trained on."""
    other = write_small_set(tmp_path / "data", seed=1)
    edited(run, lambda about: about["data"].update(source=str(other)))
    assert "data" in failed(run)


def test_only_training_again_finds_weights_of_another_training(run, tmp_path):
    """A run of more epochs with everything fitted to it passes, until it is trained again."""
    config = Run(run).config
    longer = train_run(RunConfig(**{**vars(config), "epochs": 9}), tmp_path / "longer", "").folder
    for name in ("final", "predictions"):
        shutil.copy(longer / f"{name}.safetensors", run)
    results = Run(longer).results
    edited(run, lambda about: about["results"].update(results))
    lines = (run / "history.jsonl").read_text(encoding="utf-8").splitlines()
    last = (longer / "history.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    event = json.dumps({**json.loads(last), "epoch": 3})
    (run / "history.jsonl").write_text("\n".join([*lines[:-1], event, ""]), encoding="utf-8")
    assert failed(run) == {"files"}
    restamped(run)
    assert failed(run) == set()
    assert failed(run, retrain=True) == {"training again"}


def test_on_another_machine_weights_may_differ_by_rounding(run):
    """The finding says what else is different; it passes while accuracies are alike."""
    moved(run, "final", lambda arrays: arrays["b1"].__iadd__(1e-7))
    edited(run, lambda about: about["versions"].update(numpy="0.1", cpu="abacus"))
    check = list(verify_run(Run(run), retrain=True))[-1]
    assert check.passed
    assert "numpy '0.1' then" in check.told
    assert "cpu 'abacus' then" in check.told


def test_the_command_has_an_exit_code(honest, run, capsys):
    """0 where all is as recorded, 3 where something is not; JSON says what."""
    import typer

    verify([honest], quiet=True)
    assert "FAILED" not in capsys.readouterr().out
    edited(run, better)
    with pytest.raises(typer.Exit) as end:
        verify([honest, run], as_json=True, quiet=True)
    assert end.value.exit_code == 3
    told = json.loads(capsys.readouterr().out)
    assert not told["passed"]
    assert [all(check["passed"] for check in one["checks"]) for one in told["runs"]] == [True, False]


@pytest.mark.parametrize("name", sorted(FILES - {"run.json"}))
@pytest.mark.parametrize("damage", [flipped, lambda path: flipped(path, 1), cut, Path.unlink])
def test_a_flipped_bit_in_any_file_is_found(run, name, damage):
    """Each file is held against its SHA-256: one bit, a missing end or the whole file."""
    damage(run / name)
    assert "files" in failed(run)


def lied(*names, value):
    """A change of run.json: another value under a path of names."""

    def change(about):
        for name in names[:-1]:
            about = about[name]
        about[names[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        *(
            lied("results", "test_accuracy", value=value)
            for value in (5, -1, 1e400, float("nan"), "0.5", None)
        ),
        lied("results", "train_accuracy_head", value=0.123),
        lied("results", "validation_accuracy", value=5),
        lied("results", "test_head", value=-1),
        lied("results", "n_validation", value=10**30),
        lied("results", "test_loss", value="x"),
        lied("data", "class_names", value=["0", "1"]),
        lied("data", "class_names", value=[str(i) for i in range(12)]),
        lied("data", "channels", value=["red", "green", "blue"]),
        lied("data", "channels", value=["red"]),
        lied("data", "preprocessing", value={"subtract": 0, "divide": 1}),
        lied("data", "preprocessing", value="uint8 / 255"),
        lied("data", "name", value="other"),
        lied("data", "split", "train", value=[0, 10]),
        lied("epochs", value=[0, 3]),
        lied("epochs", value=[3, 2, 1]),
        lied("files", value={}),
        lied("files", "../run.json", value={"bytes": 1, "sha256": "0"}),
        lied("files", "timing.jsonl", value=None),
        lied("origin", value="bought"),
        lied("versions", value={"numpy": 3}),
        lied("command", value=None),
        lied("threads", value=-1),
        lied("threads", value=0),
        lied("threads", value="many"),
        lied("seeds", "order", value=7),
        lied("seeds", "initial weights", value=False),
        lied("seeds", value=None),
        lied("seeds", value={}),
    ],
)
def test_what_cannot_be_is_found(run, change):
    """Whatever run.json says beyond what the files and the data give, a check finds."""
    edited(run, change)
    assert failed(run)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"subtract": 0, "divide": 1}, "(number - 0) / 1"),
        ({"subtract": 127.5, "divide": 127.5}, "(number - 127.5) / 127.5"),
        ({"subtract": 33, "divide": 255}, "(number - 33) / 255"),
    ],
)
def test_another_preprocessing_is_refused(run, value, words):
    """Nobody reads such a run as if it were the usual one; what it measured can still be read."""
    edited(run, lied("data", "preprocessing", value=value))
    opened = Run(run)
    wanted = re.escape(f"{words}; this convlens prepares them as (number - 0) / 255.")
    for ask in (lambda: opened.data, opened.network, lambda: exciting_patches(opened)):
        with pytest.raises(RunError, match=wanted):
            ask()
    assert opened.results["n_test"] == 20


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("history.jsonl", '"loss": ', '"loss": 1e400, "was": '),
        ("history.jsonl", '"loss": ', '"loss": NaN, "was": '),
        ("history.jsonl", '"accuracy": ', '"accuracy": 5, "was": '),
        ("history.jsonl", '"n_samples": ', '"n_samples": -5, "was": '),
        ("history.jsonl", '"n_samples": ', '"n_samples": 0, "was": '),
        ("history.jsonl", '"loss": ', '"loss": -3, "was": '),
        ("history.jsonl", '"step": 2, "loss": ', '"step": 2, "loss": -1e-3, "was": '),
        ("timing.jsonl", '"seconds": ', '"seconds": -1, "was": '),
        ("timing.jsonl", '"ms_per_step": ', '"ms_per_step": 1e999, "was": '),
    ],
)
def test_a_history_of_what_cannot_be_is_found(run, name, old, new):
    """A loss is a finite number and an accuracy a share, also where the hashes were made anew."""
    text = (run / name).read_text(encoding="utf-8")
    (run / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    restamped(run)
    assert "files" in failed(run)


def test_another_number_of_judged_images_is_found(run):
    """The last epochs' scores are of as many images as the config and the data say."""
    text = (run / "history.jsonl").read_text(encoding="utf-8")
    (run / "history.jsonl").write_text(text.replace('"n_samples": 15', '"n_samples": 14'), encoding="utf-8")
    restamped(run)
    assert failed(run) == {"last epoch"}


@pytest.mark.parametrize("name", ["epochs/0009.safetensors", "epochs/notes", "best.safetensors", "old.jsonl"])
def test_a_file_that_nothing_tells_of_is_found(run, name):
    """A file of a run's kind that run.json does not list belongs to another run."""
    (run / name).parent.mkdir(exist_ok=True)
    (run / name).write_bytes(b"x")
    assert failed(run) == {"files"}


@pytest.mark.parametrize("name", ["notes.txt", "figures/curves.png", ".DS_Store"])
def test_what_is_the_users_may_lie_there(run, name):
    """Notes and figures in a run's folder are nobody's business."""
    (run / name).parent.mkdir(exist_ok=True)
    (run / name).write_bytes(b"x")
    assert failed(run) == set()


def test_another_runs_timing_is_found(run, tmp_path):
    """It fits in every other way."""
    again = train_run(Run(run).config, tmp_path / "again", "").folder
    shutil.copy(again / "timing.jsonl", run)
    assert failed(run) == {"files"}
