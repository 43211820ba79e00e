"""`convlens check --grade-tests`: which planted faults somebody's own tests let pass."""

import json

import pytest
from typer.testing import CliRunner

from convlens.check import grade_tests
from convlens.check.planted import NAMES, faults, right, with_fault
from convlens.check.submission import examined
from convlens.check.words import words_in
from convlens.cli.app import app
from convlens.errors import DataError, UsageError
from convlens.words import LANGUAGES

TESTS = """
import numpy as np
from homework.layers import Relu, softmax


def test_relu():
    x = np.array([[1.0, -2.0], [-3.0, 4.0]])
    layer = Relu()
    assert np.array_equal(layer.forward(x), [[1, 0], [0, 4]])
    assert np.array_equal(layer.backward(np.ones((2, 2))), [[1, 0], [0, 1]])


def test_softmax():
    assert np.allclose(softmax(np.zeros((1, 2))), 0.5)
"""


@pytest.fixture
def tests(tmp_path):
    """A teacher's tests."""
    path = tmp_path / "test_homework.py"
    path.write_text(TESTS, encoding="utf-8")
    return path


def test_a_table_says_what_is_caught_and_what_to_add(tests):
    """The inverted mask is caught; two others pass: each has its case, in every language."""
    found = grade_tests(tests, workers=2)
    assert found.modules == ("homework.layers",)
    assert {one.key: one.verdict for one in found.planted} == {
        "relu_gradient": "caught",
        "relu_in_place": "let_pass",
        "relu_inverted": "caught",
        "loss_maximum": "let_pass",
    }
    assert not found.ok
    assert "Add: that the input of a ReLU is unchanged after forward." in str(found)
    assert "2 are let pass." in str(found)
    for lang in LANGUAGES:
        assert words_in(lang)("case.loss_maximum") in found.text(lang)
    assert json.loads(json.dumps(found.to_dict()))["planted"][0]["verdict"] == "caught"


def test_the_command_ends_with_what_it_found(tests):
    """Code 3: something is let pass; 0: all are caught; 2: right code does not pass, and pytest says why."""
    runner = CliRunner()
    only = TESTS.replace("Relu, softmax", "Sigmoid").split("def test_relu")[0]
    for body, code, said in (
        ("    assert layer.backward(1.0) == 0.25", 0, "All are caught."),
        ("    assert layer.forward(0.0) == 0.5", 3, "One is let pass."),
        ("    assert layer.forward(0.0) == 0.7", 2, "== 0.7"),
    ):
        test = f"def test_it():\n    layer = Sigmoid()\n    layer.forward(0.0)\n{body}\n"
        tests.write_text(only + test.replace("(0.0)", "(np.zeros(()))"), encoding="utf-8")
        done = runner.invoke(app, ["check", "--grade-tests", str(tests), "--lang", "en", "--workers", "1"])
        assert done.exit_code == code, done.stdout
        assert said in done.stdout


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("import numpy as np", UsageError, "imports none of them"),
        ("from layers import Relu, Swish", UsageError, "imports also Swish"),
        ("from layers import Relu", UsageError, "planted from `mine`"),
        ("def f(:", DataError, "is no Python"),
    ],
)
def test_tests_must_import_what_can_be_planted(tests, text, error, message):
    """What they import that nobody can put there is named, before anything is run."""
    tests.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=message):
        grade_tests(tests, "mine" if "mine" in message else None)


@pytest.mark.parametrize("words", [["--grade-tests", "a.py", "b.py"], ["--module", "m", "b.py"], []])
def test_options_that_do_not_go_together(words):
    """A file and tests at once, a module without tests, and nothing at all are refused."""
    done = CliRunner().invoke(app, ["check", *words])
    assert done.exit_code == 2


def test_the_right_code_is_right(tmp_path):
    """The doctor has nothing to say of what is put in a student's place, and it defines what it says."""
    path = tmp_path / "layers.py"
    path.write_text(right(), encoding="utf-8")
    found = examined(path, None, {})
    assert {one.name for one in found.outcomes if not one.ok} == set()
    held = {}
    exec(right(), held)  # noqa: S102 (our own text)
    assert set(held) >= NAMES


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.key)
def test_every_planted_fault_is_one(tmp_path, fault):
    """The doctor finds it, and mostly names it; its case is written in every language."""
    path = tmp_path / "layers.py"
    path.write_text(with_fault(fault), encoding="utf-8")
    found = examined(path, None if fault.owner == "softmax" else fault.owner, {})
    if fault.cause == "dout_forgotten":  # a loss comes last: who takes no notice of dout is not accused
        assert not found.is_wrong
        return
    assert found.is_wrong
    causes = {key for one in found.outcomes for key in one.causes}
    assert fault.cause in causes or fault.key == "network_parameter"
    assert all(f"case.{fault.key}" in words_in(lang) for lang in LANGUAGES)
