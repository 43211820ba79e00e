"""A run folder: what is in it, what it says, and what makes no run."""

import itertools
import json
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from safetensors.numpy import load_file
from small_runs import (
    ARRAYS,
    FILES,
    N_EPOCHS,
    N_STEPS,
    NETWORK,
    Interrupts,
    Looks,
    config_of,
    contents,
    files_in,
)

from convlens.errors import ConvlensError, DataError, DivergedError, RunError, ShapeError, UsageError
from convlens.networks import Network
from convlens.runs import Run, RunConfig, finished_run, train_run
from convlens.runs.unlike import unlike
from convlens.spec import Affine, Convolution, NetworkSpec
from lopsided import write_lopsided_set
from small_sets import write_small_set


def test_what_is_in_the_folder(whole):
    """Exactly the files that the plan names, and nothing beside the folder."""
    assert files_in(whole.folder) == FILES
    assert [path.name for path in whole.folder.parent.iterdir()] == ["whole"]


def test_readable_without_convlens(whole, data):
    """safetensors and json alone give everything: what was run, on which data, and what came of it."""
    about = json.loads((whole.folder / "run.json").read_text(encoding="utf-8"))
    assert (about["format"], about["status"], about["command"]) == (2, "finished", "the command")
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
    arrays = {name: load_file(whole.folder / f"{name}.safetensors") for name in ARRAYS}
    for name in set(ARRAYS) - {"predictions"}:
        assert {name: value.shape for name, value in arrays[name].items()} == NETWORK.parameter_shapes
    assert about["epochs"] == list(range(N_EPOCHS + 1))
    for name in FILES - {"run.json"}:
        content = (whole.folder / name).read_bytes()
        assert about["files"][name] == {"bytes": len(content), "sha256": sha256(content).hexdigest()}
    assert about["files"].keys() == FILES - {"run.json"}
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
    assert (whole.origin, whole.channels, whole.preprocessing.divide) == ("trained", ("grey",), 255)
    assert (whole.data_name, whole.data_source) == (whole.data.name, str(data))
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
    before = {name: ((whole.folder / name).stat().st_mtime_ns) for name in FILES}
    content = contents(whole.folder)
    again = train_run(config_of(data), whole.folder, "c", [Interrupts(at_step=1)])
    assert again.run_id == whole.run_id
    assert before == {name: ((whole.folder / name).stat().st_mtime_ns) for name in FILES}
    assert contents(whole.folder) == content


def test_nothing_is_there_until_it_is_finished(data, tmp_path):
    """At no step and no epoch's end is there anything at `out`; a missing parent folder is made."""
    out = tmp_path / "deep" / "run"
    looks = Looks(out)
    train_run(config_of(data), out, "c", [looks])
    assert looks.moments == N_EPOCHS * (N_STEPS + 1)
    assert out.exists()


@pytest.mark.parametrize("threads", [0, -1, 9999])
def test_wrong_threads_leave_nothing(data, tmp_path, threads):
    """They are refused before anything is made."""
    with pytest.raises(UsageError, match="`threads` must be between 1 and"):
        train_run(config_of(data), tmp_path / "run", "c", threads=threads)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_taken(data, tmp_path):
    """A folder without anything in it may be given as `out`."""
    (tmp_path / "run").mkdir()
    assert train_run(config_of(data, epochs=1), tmp_path / "run", "c").name == "run"


def test_another_run_is_not_overwritten(whole, data):
    """`out` with another run in it is refused, with the setting that differs, and untouched."""
    before = contents(whole.folder)
    with pytest.raises(UsageError, match=r"holds another run \(seed 0, not 7\): choose another --out"):
        train_run(config_of(data, seed=7), whole.folder, "c")
    assert contents(whole.folder) == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"seed": 7, "epochs": 2}, "epochs 3, not 2; seed 0, not 7"),
        ({"optimizer_param": {"lr": 0.002}}, "lr 0.01, not 0.002"),
        ({"optimizer": "momentum", "optimizer_param": {"lr": 0.01, "momentum": 0.5}},
         "optimizer adam, not momentum; optimizer_param none, not momentum=0.5"),
        ({"schedule": "cosine"}, "schedule constant, not cosine"),
        ({"network": replace(NETWORK, name="Mine")}, f"network {NETWORK.name}, not Mine"),
        ({"network": replace(NETWORK, weight_init_std=0.5)}, f"a {NETWORK.name} with other weight_init_std"),
        ({"data": "/elsewhere/kana"}, "data folder SET, not folder kana"),
    ],
)  # fmt: skip
def test_what_tells_another_run_is_named(data, change, told):
    """Setting by setting, as they are typed; no hash."""
    there = config_of(data)
    asked = replace(there, **change)
    assert unlike(asked, there) == told.replace("SET", data.name).split("; ")
    assert unlike(there, config_of(data)) == []


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
    """A run that diverges says at which step, and neither it nor its checkpoints are kept."""
    config = config_of(data, optimizer="momentum", optimizer_param={"lr": 1e38}, epochs=9)
    with pytest.raises(
        DivergedError, match=r"the loss (became|grew to) \S+ at step \d+ \(epoch \d+\).* a smaller"
    ):
        train_run(config, tmp_path / "run", "c")
    assert list(tmp_path.iterdir()) == []


def test_data_that_do_not_fit(data, tmp_path):
    """Pictures of another size and more classes than outputs are refused before anything is written."""
    wrong = [
        (
            NetworkSpec("wide", (1, 7, 7), (Affine(10),)),
            ShapeError,
            r"wide takes pictures of 1 x 7 x 7. .* has 1 x 6",
        ),
        (
            NetworkSpec("few", (1, 6, 6), (Affine(3),)),
            UsageError,
            r"are 10 classes; few knows 3",
        ),
    ]
    for network, error, words in wrong:
        with pytest.raises(error, match=words) as raised:
            train_run(RunConfig(network, str(data), train_size=48, batch_size=20), tmp_path / "run", "c")
        assert raised.value.exit_code == 2
    with pytest.raises(DataError, match=r"is not a folder"):
        train_run(config_of(tmp_path / "none"), tmp_path / "run", "c")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("counts", "outputs", "says"),
    [
        ((5, 5, 5), 3, None),
        ((5, 5), 2, None),
        ((5, 5, 5), 2, "labels up to 2, which are 3 classes; few knows 2"),
        ((5, 0, 0, 5), 3, "labels up to 3, which are 4 classes; few knows 3"),
        ((1,) * 12, 10, "labels up to 11, which are 12 classes; few knows 10"),
    ],
)
def test_classes_are_those_that_there_are(tmp_path, counts, outputs, says):
    """A folder of three classes needs three outputs, and is never said to have ten classes."""
    data = write_lopsided_set(tmp_path / "set", counts)
    network = NetworkSpec("few", (1, 12, 12), (Affine(outputs),))
    config = RunConfig(network, str(data), epochs=1, engine="layers")
    if says is None:
        assert train_run(config, tmp_path / "run", "c").predictions["test"].shape[1] == outputs
        return
    with pytest.raises(UsageError, match=says):
        train_run(config, tmp_path / "run", "c")
    assert not (tmp_path / "run").exists()


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


def test_errors_are_ours():
    """Every error that a run raises on purpose is a ConvlensError, which the command turns into one line."""
    for error in (DataError, DivergedError, RunError, ShapeError, UsageError):
        assert issubclass(error, ConvlensError)


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
