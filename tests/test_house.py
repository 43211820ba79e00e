"""The house's own rules: sizes, words, names, the order of the rooms, and what costs nothing to import."""

import ast
import importlib
import inspect
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cached_property
from pathlib import Path

import pytest

import convlens

ROOT = Path(__file__).parents[1]
SOURCE = Path(convlens.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
MODULES = sorted(
    ".".join(["convlens", *path.relative_to(SOURCE).with_suffix("").parts]).removesuffix(".__init__")
    for path in FILES
    if path.name != "__main__.py"
)
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
every_module = pytest.mark.parametrize("name", MODULES)


def tree_of(path):
    """A file's syntax."""
    return ast.parse(path.read_text(encoding="utf-8"))


def test_the_rooms_are_seen():
    """The tests below look at every file, and the core is among them."""
    assert {
        "convlens",
        "convlens.spec",
        "convlens.spec.layers",
        "convlens.layers.convolution",
        "convlens.runs.make",
    } <= set(MODULES)


@every_file
def test_files_are_short(path):
    """No file has more than 400 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


LONG = {"training/trainer.py: __init__"}  # the book's arguments, and ours: none of them can go


@every_file
def test_functions_are_short(path):
    """No function has more than 40 lines, its signature and its docstring counted; exceptions have names."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            n_lines = node.end_lineno - node.lineno + 1
            name = f"{path.relative_to(SOURCE).as_posix()}: {node.name}"
            assert n_lines <= 40 or name in LONG, f"{node.name} has {n_lines} lines"


@every_file
def test_files_are_named_by_what_they_hold(path):
    """No file is a drawer for everything."""
    assert path.stem not in {"utils", "util", "common", "helpers", "helper", "misc", "base", "core"}


def opens_without_encoding(node):
    """Whether a call opens a text file without saying in which encoding."""
    if not isinstance(node, ast.Call) or any(keyword.arg == "encoding" for keyword in node.keywords):
        return False
    function = node.func
    if isinstance(function, ast.Attribute):
        if function.attr in {"read_text", "write_text"}:
            return not (function.attr == "read_text" and node.args) and len(node.args) < 2
        of = function.value.id if isinstance(function.value, ast.Name) else ""
        if function.attr != "open" or of in {"os", "Image", "archive", "tarfile"}:
            return False
    elif not isinstance(function, ast.Name) or function.id != "open":
        return False
    given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    texts = [argument.value for argument in given if isinstance(argument, ast.Constant)]
    return not any(isinstance(text, str) and re.fullmatch("[rwxa+]*b[rwxa+]*", text) for text in texts)


@every_file
def test_text_files_name_their_encoding(path):
    """Every text file is opened with an encoding: a Korean Windows would otherwise take its own."""
    found = [node.lineno for node in ast.walk(tree_of(path)) if opens_without_encoding(node)]
    assert found == []


@pytest.mark.parametrize(
    ("code", "bad"),
    [
        ("open(p)", True),
        ("open(p, 'w')", True),
        ("open(p, 'rb')", False),
        ("open(p, mode='wb')", False),
        ("open(p, encoding='utf-8')", False),
        ("p.open()", True),
        ("p.open('rb')", False),
        ("p.read_text()", True),
        ("p.read_text('utf-8')", False),
        ("p.write_text(x)", True),
        ("p.write_text(x, encoding='utf-8')", False),
        ("write_text(p, x)", False),
        ("os.open(p, os.O_RDONLY)", False),
        ("Image.open(file)", False),
        ("archive.open(member)", False),
    ],
)
def test_the_encoding_rule_itself(code, bad):
    """The rule above finds what it should, and nothing else."""
    assert opens_without_encoding(ast.parse(code).body[0].value) is bad


@every_module
def test_modules_say_what_they_hold(name):
    """Each module has a docstring, and an `__all__` whose names are there, once each."""
    module = importlib.import_module(name)
    assert (module.__doc__ or "").strip()
    assert len(set(module.__all__)) == len(module.__all__)
    for exported in module.__all__:
        assert hasattr(module, exported), exported


def public(module):
    """The classes and functions that a module defines, and the public members of its classes."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing):
            yield name, thing
        elif inspect.isclass(thing):
            yield name, thing
            for member, value in vars(thing).items():
                explainable = classmethod | staticmethod | property | cached_property
                if not member.startswith("_") and (
                    inspect.isfunction(value) or isinstance(value, explainable)
                ):
                    yield f"{name}.{member}", getattr(value, "__func__", value)


@every_module
def test_everything_public_is_explained(name):
    """Each public class, function, method and property has a docstring, its own or its base's."""
    module = importlib.import_module(name)
    assert [thing for thing, value in public(module) if not (inspect.getdoc(value) or "").strip()] == []


def test_lazy_names():
    """Everything that `convlens` offers is there when it is asked for, and nothing else is."""
    for name in convlens.__all__:
        assert getattr(convlens, name).__name__ == name
    assert dir(convlens) == sorted(convlens.__all__)
    with pytest.raises(AttributeError, match=r"module 'convlens' has no attribute 'Nothing'"):
        _ = convlens.Nothing
    promised = {
        alias.name
        for node in ast.walk(tree_of(SOURCE / "__init__.py"))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("convlens.")
        for alias in node.names
    }
    assert promised == set(convlens.__all__), "what mypy is told and what is loaded must agree"


@pytest.mark.parametrize("module", ["convlens", "convlens.cli"])
def test_cheap_imports(module):
    """Neither the package nor its command line loads anything heavy before it is needed."""
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"there is no {module}")
    heavy = ["matplotlib", "scipy", "torch", "numba", "numpy", "pydantic", "safetensors", "PIL", "jinja2"]
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_order_of_the_rooms():
    """import-linter keeps the contracts in pyproject.toml: a room imports only from those below it."""
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or shutil.which(
        "lint-imports"
    )
    if command is None or not (ROOT / "pyproject.toml").exists():
        pytest.skip("import-linter or the checkout is not there")
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
        env={"PATH": "", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(SOURCE.parent)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    n_contracts = len(settings["tool"]["importlinter"]["contracts"])
    assert f"{n_contracts} kept, 0 broken" in done.stdout


def test_test_files_have_names_of_their_own():
    """Test files are not packages, so no two of them may have one name."""
    names = [path.name for path in Path(__file__).parent.rglob("*.py") if path.name != "conftest.py"]
    assert len(names) == len(set(names))
    assert "__init__.py" not in names
