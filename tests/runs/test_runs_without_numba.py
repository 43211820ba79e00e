"""Runs where Numba cannot be loaded: the readable layers make and read them."""

import json

import numpy as np
import pytest

from convlens import spec
from convlens.runs import Run, RunConfig, train_run, verify_run
from hidden_numba import convlens, python
from small_sets import SIZE, write_small_set

SETTINGS = {"train_size": 50, "epochs": 2, "batch_size": 25}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A data set, a network's file, and a run that kernels have made of them."""
    made = tmp_path_factory.mktemp("without")
    write_small_set(made / "data")
    layers = spec.Convolution(3, 3), spec.Relu(), spec.Pooling(2), spec.Affine(10)
    described = spec.NetworkSpec("Tiny", (1, SIZE, SIZE), layers, "he")
    (made / "net.toml").write_text(spec.to_toml(described), encoding="utf-8")
    train_run(RunConfig(described, str(made / "data"), **SETTINGS), made / "fused", "convlens train")
    return made


def trained(folder, *args):
    """Train without Numba, with these arguments."""
    given = [word for name, value in SETTINGS.items() for word in (f"--{name.replace('_', '-')}", value)]
    return convlens(folder, "train", "net.toml", "--data", "data", "-q", *given, *args)


@pytest.fixture(scope="module")
def made(folder):
    """What came of a training without Numba."""
    return trained(folder, "--out", "layers", "--threads", "2")


def test_training_says_so_in_one_line(made):
    """The training is made, and one line on stderr says by what, and what that costs."""
    (line,) = made.stderr.splitlines()
    assert made.returncode == 0
    assert line.startswith("Numba cannot be loaded here (No module named 'llvmlite'): the readable layers")
    assert "times slower" in line


@pytest.mark.parametrize(
    ("lang", "says"), [("ko", "쉬운 계층이"), ("ja", "読みやすい層が"), ("en", "layers")]
)
def test_a_command_says_it_in_its_language(folder, lang, says):
    """Nothing of the line is left in English but the reason."""
    done = trained(folder, "--out", f"layers-{lang}", "--lang", lang)
    (line,) = done.stderr.splitlines()
    assert says in line
    assert ("compute" in line) is (lang == "en")


def test_the_run_is_the_one_that_the_layers_make_anywhere(folder, made):
    """It has the id, the weights and the files of `--engine layers`, and its command says so."""
    del made
    described, data = Run(folder / "fused").spec, str(folder / "data")
    config = RunConfig(described, data, engine="layers", **SETTINGS)
    wanted, found = train_run(config, folder / "wanted", "convlens"), Run(folder / "layers")
    assert found.run_id == wanted.run_id
    assert set(found.files) == set(wanted.files)
    assert "--engine layers" in found.command
    ours, theirs = (run.network("final").params.vector for run in (wanted, found))
    np.testing.assert_array_equal(ours, theirs)


def test_it_differs_from_one_by_kernels_as_is_said(folder, made):
    """In its engine and so its id, in the last digits, and in that nothing is said of Numba's use."""
    del made
    fused, layers = (
        json.loads((folder / name / "run.json").read_text(encoding="utf-8")) for name in ("fused", "layers")
    )
    assert fused.keys() == layers.keys()
    assert (fused["config"].pop("engine"), layers["config"].pop("engine")) == ("fused", "layers")
    assert fused["config"] | {"data": ""} == layers["config"] | {"data": ""}
    assert fused["results"] == pytest.approx(layers["results"], abs=0.1)
    assert all(check.passed for check in verify_run(folder / "layers"))


def test_what_kernels_have_made_is_read(folder):
    """A run by kernels is verified, and its network judges pictures, by the readable layers."""
    done = convlens(folder, "verify", "fused")
    assert (done.returncode, "FAILED" in done.stdout) == (0, False)
    code = (
        "from convlens.runs import Run; run = Run('fused'); network = run.network();"
        "print(network.engine, network.evaluate(run.data.test.x, run.data.test.t).accuracy)"
    )
    engine, accuracy = python(folder, "-c", code).stdout.split()
    assert engine == "layers"
    assert float(accuracy) == Run(folder / "fused").results["test_accuracy"]


def test_kernels_that_are_asked_for_are_missed_before_anything_is_made(folder):
    """`--engine fused` ends with one line, and leaves no folder."""
    done = trained(folder, "--engine", "fused", "--out", "refused")
    (line,) = done.stderr.splitlines()
    assert line.startswith("convlens: kernels need Numba ")
    assert done.returncode == 1
    assert not list(folder.glob("*refused*"))


@pytest.mark.parametrize(
    "args", [("summary", "lenet", "--engine"), ("bench", "lenet"), ("warmup",), ("doctor", "--tiles")]
)
def test_commands_about_kernels(tmp_path, args):
    """They say in one line what is missing."""
    done = convlens(tmp_path, *args)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    assert line.startswith("convlens: kernels need Numba ")


@pytest.mark.parametrize(
    ("lang", "says"), [("en", "cannot be loaded"), ("ko", "불러올 수 없어"), ("ja", "読み込めない")]
)
def test_doctor_says_what_is_missing(tmp_path, lang, says):
    """The reason stands in the advice, and the rest of the machine is told."""
    done = convlens(tmp_path, "doctor", "--lang", lang)
    (advice,) = [line for line in done.stdout.splitlines() if line.startswith("-> ")]
    assert (done.returncode, done.stderr) == (0, "")
    assert says in advice
    assert "No module named 'llvmlite'" in advice


def test_doctor_for_programs(tmp_path):
    """The facts have the same names as far as they are known."""
    told = json.loads(convlens(tmp_path, "doctor", "--json").stdout)
    assert told["facts"]["numba"] == "cannot be loaded"
    assert {"convlens", "python", "numpy", "system", "cpu"} < told["facts"].keys()
    assert len(told["advice"]) == 1
