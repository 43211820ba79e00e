"""`convlens export`: what it writes, and what it refuses."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from convlens import Run
from convlens.cli.app import app
from convlens.runs import RunConfig, train_run
from convlens.spec import Affine, Convolution, NetworkSpec, Relu


@pytest.fixture(scope="module")
def small_run(tmp_path_factory):
    """A finished run of a small network."""
    network = NetworkSpec("small", (1, 28, 28), (Convolution(2, 5, stride=4), Relu(), Affine(10)))
    folder = tmp_path_factory.mktemp("runs") / "small"
    train_run(RunConfig(network, train_size=200, epochs=1), folder, "")
    return folder


def call(*words):
    """What the command does with these words."""
    return CliRunner().invoke(app, ["export", *map(str, words)])


@pytest.mark.parametrize("name", ["n.py", "n.h", "n.onnx"])
def test_a_run_leaves(small_run, tmp_path, name):
    """The files are named on stdout, a line each, and they say where the network comes from."""
    if name == "n.onnx":
        pytest.importorskip("onnx")
    run = Run(small_run)
    done = call(small_run, tmp_path / name)
    assert done.exit_code == 0, done.output
    files = sorted(tmp_path.iterdir())
    assert sorted(done.stdout.split("\n")[:-1]) == [str(file) for file in files]
    assert run.run_id.encode() in (tmp_path / name).read_bytes()


def test_in_json(small_run, tmp_path):
    """For programs: each file with its size."""
    told = json.loads(call(small_run, tmp_path / "n.py", "--torch", "--json").stdout)
    assert [one["file"] for one in told["files"]] == [str(tmp_path / "n.py"), str(tmp_path / "n.safetensors")]
    assert all(one["bytes"] > 0 for one in told["files"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["n.pt"], "must end in .onnx, .py, .h. Got 'n.pt'"),
        (["n"], "must end in .onnx, .py, .h. Got 'n'"),
        (["n.h", "--torch"], "`--torch` of export is for .py files"),
        (["n.py", "--bytes"], "`--bytes` of export is for .onnx files"),
        (["n.onnx", "--int8"], "`--int8` of export is for .h files"),
        (["no/such/folder/n.h"], "no/such/folder"),
    ],
)
def test_what_is_refused(small_run, tmp_path, monkeypatch, words, said):
    """In one line, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    done = call(small_run, *words)
    assert done.exit_code != 0
    assert said in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["n.h", "n.py", "n.safetensors"])
def test_what_is_there_stays(small_run, tmp_path, there):
    """Neither the file nor the weights beside it are overwritten."""
    (tmp_path / there).write_text("mine")
    done = call(small_run, tmp_path / ("n.h" if there == "n.h" else "n.py"))
    assert done.exit_code == 2
    assert f"{there} exists and is not overwritten" in done.output
    assert (tmp_path / there).read_text() == "mine"


def test_without_the_extra(small_run, tmp_path, monkeypatch):
    """ONNX's package is named, and nothing is written."""
    monkeypatch.setitem(__import__("sys").modules, "onnx.helper", None)
    done = call(small_run, tmp_path / "n.onnx")
    assert done.exit_code == 2
    assert 'pip install ".[onnx]"' in done.output
    assert list(tmp_path.iterdir()) == []


def test_the_weights_are_the_runs(small_run, tmp_path):
    """A matrix turned, all else as it was."""
    read = pytest.importorskip("safetensors.numpy").load_file
    call(small_run, tmp_path / "n.py")
    params, found = Run(small_run).network().params, read(tmp_path / "n.safetensors")
    turned = {value.T.tobytes() if value.ndim == 2 else value.tobytes() for value in params.values()}
    assert {np.ascontiguousarray(value).tobytes() for value in found.values()} == turned


def test_in_whole_numbers(small_run, tmp_path):
    """Both accuracies are told, in the file's head and in JSON; the float one is the run's."""
    told = json.loads(call(small_run, tmp_path / "n.h", "--int8", "--json").stdout)
    assert told["accuracy_float"] == pytest.approx(Run(small_run).about["results"]["test_accuracy"])
    assert f"Right on {told['accuracy_int8']:.2%}" in (tmp_path / "n.h").read_text(encoding="utf-8")
