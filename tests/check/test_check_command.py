"""`convlens check`: files, notebooks, names of one's own, what cannot be checked, and files that do harm."""

import json
import os
from pathlib import Path

import pytest
from planted_faults import FAULTS
from typer.testing import CliRunner

from convlens.check import Bounds, Finding, Outcome, check_file
from convlens.check.submission import examined, merged
from convlens.cli.app import app
from convlens.errors import DataError, UsageError

WRITTEN = Path(__file__).parent / "written"

RELU = """\
import numpy as np

class Relu:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        return dout * (self.x {sign} 0)
"""


def run(*words):
    """Run the command; its exit code, what it says, and its errors."""
    done = CliRunner().invoke(app, ["check", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def relu(tmp_path):
    """A file with one wrong layer."""
    path = tmp_path / "mine.py"
    path.write_text(RELU.format(sign="<"), encoding="utf-8")
    return path


@pytest.mark.parametrize("style", ["by_columns", "by_einsum"])
def test_files_of_correct_layers_are_let_alone(style):
    """Every class of a file is found and made, whatever its constructor calls its arguments."""
    found = check_file(WRITTEN / f"{style}.py")
    assert not found.is_wrong
    assert not found.not_made
    assert len(found.outcomes) == 6


def test_what_is_wrong_is_told_with_its_line(relu):
    """Text with line, numbers, cause and hint, or JSON; the exit code says that something is wrong."""
    code, said, _ = run(relu, "--lang", "en")
    assert code == 3
    assert said.splitlines()[0] == "Relu: one thing is wrong."
    assert "(backward, line 9)" in said
    assert "Likely cause: the mask is inverted." in said
    assert "x > 0" not in said
    assert "Remedy: ReLU lets through what is x > 0." in run(relu, "--hint", "full", "--lang", "en")[1]
    code, said, _ = run(relu, "--json")
    assert code == 3
    assert json.loads(said)["outcomes"][0]["findings"][0]["causes"] == ["mask_inverted"]


def test_a_notebook_is_told_by_its_cells(tmp_path):
    """Magic words, broken cells and trainings at the end are no hindrance; a line is a cell's."""
    path = tmp_path / "mine.ipynb"
    layer = RELU.format(sign="<").split("\n\n", 1)[1].splitlines(keepends=True)
    magic = "%matplotlib inline\n!pip list\nimport numpy as np"
    sources = [magic, "this is no Python", layer, "while True:\n    pass"]
    cells = [{"cell_type": "markdown", "source": "# Homework"}]
    cells += [{"cell_type": "code", "source": one} for one in sources]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    code, said, _ = run(path, "--lang", "en")
    assert code == 3
    assert "(backward, cell 3, line 7)" in said


def test_only_one_class_may_be_asked_for(tmp_path):
    """Other classes of the file are not looked at; a name that is not there finds nothing."""
    path = tmp_path / "two.py"
    wrong = RELU.format(sign="<").replace("class Relu", "class Other")
    path.write_text(RELU.format(sign=">") + wrong, encoding="utf-8")
    assert run(path, "--class", "Relu", "--lang", "en")[:2] == (0, "Relu: nothing is wrong.\n")
    assert run(path, "--class", "Nobody")[0] == 2


@pytest.mark.parametrize("row", [0, 15, 26, 32], ids=lambda row: f"{FAULTS[row][1]}-{FAULTS[row][4]}-{row}")
def test_geometries_are_taken_together(tmp_path, row):
    """A fault that only a stride, or a square matrix, shows is found; an earlier one is not told twice."""
    style, name, old, new, cause = FAULTS[row]
    source = (WRITTEN / f"{style}.py").read_text(encoding="utf-8")
    path = tmp_path / "mine.py"
    start = source.index(f"class {name}:")
    path.write_text(source[:start] + source[start:].replace(old, new, 1), encoding="utf-8")
    (outcome,) = examined(path, name, {}).outcomes
    assert not outcome.ok
    assert outcome.causes == ((cause,) if cause else ())


@pytest.mark.parametrize(
    ("causes", "expected"),
    [
        ([("sign", "batch"), ("batch",)], [("batch",)]),
        ([(), ("stale",)], [("stale",)]),
        ([("to_all",), ("overwritten",)], [("to_all",), ("overwritten",)]),
        ([("sign",), ("sign",)], [("sign",)]),
    ],
)
def test_causes_of_several_geometries(causes, expected):
    """Those stay that fit each time; two that exclude each other are two faults."""
    outcomes = [Outcome("A", findings=(Finding("gradient", "x", one),)) for one in causes]
    assert [one.causes for one in merged(outcomes).findings] == expected


TWO = """
class Add:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout

class Strange:
    def __init__(self, whatever):
        self.whatever = whatever

    def forward(self, x):
        return self.whatever.apply(x)

    def backward(self, dout):
        return self.whatever.turned(dout)

class Five:
    def forward(self, x):
        a, b, c, d, e = x.shape
        return x

    def backward(self, dout):
        return dout

class Misspelt:
    def forward(self, x):
        return np.maximum(x, nothing)

    def backward(self, dout):
        return dout
"""


def test_what_cannot_be_made_is_no_fault(tmp_path):
    """What no call fits is told and not accused, but for a name that is nowhere; a sum of two is no layer."""
    path = tmp_path / "two.py"
    path.write_text("import numpy as np\n" + TWO, encoding="utf-8")
    found = examined(path, None, {})
    assert list(found.not_made) == ["Strange", "Five"]
    assert "what `whatever` is cannot be told" in found.text()
    assert "not enough values to unpack" in found.text()
    assert [(one.name, one.findings[0].check) for one in found.outcomes] == [("Misspelt", "raises")]


OWN = """
import numpy as np

class Scale:
    def __init__(self, how, factors):
        assert how == "gently"
        self.m = np.array(factors)

    def go(self, x):
        self.seen = x
        return x * self.m

    def back(self, given):
        self.moved = (given * self.seen).sum(axis=0)
        return given * self.m
"""
TOLD = """
[Scale]
arguments = { how = "gently", factors = { shape = [3] } }
input = [4, 3]
forward = "go"
backward = "back"
gradients = { m = "moved" }
"""


def test_a_class_of_ones_own_kind_is_described(tmp_path):
    """`check.toml` says how it is made, what goes in, and what everything is called."""
    path = tmp_path / "own.py"
    path.write_text(OWN, encoding="utf-8")
    assert run(path)[0] == 2
    (tmp_path / "check.toml").write_text(TOLD, encoding="utf-8")
    found = check_file(path)
    assert [(one.name, one.ok) for one in found.outcomes] == [("Scale", True)]
    path.write_text(OWN.replace("given * self.seen", "given"), encoding="utf-8")
    assert [one.target for one in check_file(path).outcomes[0].findings] == ["m"]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ("[Scale\n", "is not TOML"),
        ("Scale = 3", "must be a table"),
        ("[Scale]\ninputs = [2]", "may hold arguments, input"),
        ("[Scale]\ninput = [0]", "must be a shape"),
        ("[Scale]\ninput = [1000, 1000, 1000]", "100,000 entries at most"),
        ("[Scale]\narguments = 3", "must be a table"),
        ("[Scale]\nforward = 3", "must be a name"),
        ("[Scale]\narguments = { a = { shape = 3 } }", "must be a shape"),
    ],
)
def test_what_is_described_wrongly_is_refused(tmp_path, told, message):
    """One sentence names the place and the rule, before anything is run."""
    path = tmp_path / "own.py"
    path.write_text(OWN, encoding="utf-8")
    (tmp_path / "check.toml").write_text(told, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        check_file(path)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [("mine.txt", "", UsageError), ("mine.ipynb", "[]", DataError), ("mine.ipynb", "{", DataError)],
)
def test_what_is_no_program_is_refused(tmp_path, name, content, error):
    """A file of another kind, or a notebook that is none."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    if error is UsageError:
        with pytest.raises(error, match="must end in"):
            check_file(path)
    else:
        assert "is no notebook" in check_file(path).values["error"]


HARM = {
    "endless": ("while True: pass", "too_long"),
    "exit": ("import os; os._exit(0)", "left"),
    "crash": ("import os; os.kill(os.getpid(), 11)", "left"),
    "memory": ("x = [bytearray(1 << 26) for _ in range(1 << 20)]", None),
    "deleted": ("import os; os.remove(__file__)", None),
}


@pytest.mark.skipif(os.name != "posix", reason="the bounds are the system's")
@pytest.mark.parametrize("harm", HARM)
def test_harm_ends_with_its_own_process(tmp_path, harm):
    """Endless loops, exits, crashes and greed end the check of their own file, and are told."""
    line, ended = HARM[harm]
    path = tmp_path / "harm.py"
    path.write_text(f"class A:\n    {line}\n" + RELU.format(sign=">"), encoding="utf-8")
    found = check_file(path, bounds=Bounds(1 if harm == "endless" else 120, 1024))
    if ended is None:
        assert [one.name for one in found.outcomes] == ["Relu"]
    else:
        assert found.ended == ended
        assert found.is_wrong


def test_what_is_no_python_is_told(tmp_path):
    """A syntax error is no crash: its line is told."""
    path = tmp_path / "broken.py"
    path.write_text("x = 1\ndef f(:\n", encoding="utf-8")
    code, said, _ = run(path, "--lang", "en")
    assert code == 3
    assert "The file could not be checked: line 2" in said


@pytest.mark.parametrize(("lang", "said"), [("ko", "마스크가 반대임"), ("ja", "マスクが逆")])
def test_it_speaks_other_languages(relu, lang, said):
    """Findings are told in the language that is asked for."""
    assert said in run(relu, "--lang", lang)[1]


def test_a_hint_is_short_or_full(relu):
    """Another word is refused."""
    code, _, said = run(relu, "--hint", "none")
    assert code == 2
    assert "`--hint` must be short or full. Got 'none'." in said
