"""Which planted faults a teacher's own tests let pass: right code first, then each fault in its place.

The tests run as they are, by pytest, in a process each that is bounded as the check of a file is. Must not
know how it is said.
"""

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from convlens.arguments import AnyPath, as_annotated
from convlens.check.isolated import ONE_THREAD, Bounds, end
from convlens.check.planted import NAMES, Fault, faults, right, with_fault
from convlens.check.source import MOST
from convlens.errors import DataError, UsageError, one_line, shown
from convlens.files import explained, path_of, read_bytes, read_text, write_text

__all__ = ["Grading", "Planted", "grade_tests"]

_FAILED, _BESIDE = 1, 200


@dataclass(frozen=True)
class Planted:
    """One fault that was planted.

    Attributes:
        key: the fault's.
        owner: the class or function that it was planted in.
        cause: the key of its cause.
        verdict: "caught", "let_pass" or "too_long" (the tests did not end: that is seen, too).
    """

    key: str
    owner: str
    cause: str
    verdict: str


@dataclass(frozen=True)
class Grading:
    """What a file of tests sees.

    Attributes:
        file: the tests.
        modules: the modules of a student that they import.
        planted: one a fault, in order; empty where right code does not pass.
        ended: the last lines of what pytest said of right code; "" where it passes.
    """

    file: str
    modules: tuple[str, ...] = ()
    planted: tuple[Planted, ...] = field(default=())
    ended: str = ""

    @property
    def ok(self) -> bool:
        """Whether right code passes and every fault is caught."""
        return not self.ended and all(one.verdict != "let_pass" for one in self.planted)

    def text(self, lang: str = "en") -> str:
        """Return it as lines for a reader.

        Args:
            lang: "en", "ko" or "ja".
        """
        from convlens.check.telling import grading_text  # noqa: PLC0415 (it needs this module)

        return grading_text(self, lang)

    def __str__(self) -> str:
        return self.text()

    def to_dict(self) -> dict[str, Any]:
        """Return it as data for JSON."""
        return {"ok": self.ok, **asdict(self)}


@as_annotated
def grade_tests(
    file: AnyPath, module: str | None = None, bounds: Bounds | None = None, workers: int = 1
) -> Grading:
    """Return which planted faults a file of tests catches, and which it lets pass.

    The tests import a student's layers, called as in the book: in their place comes right code, which must
    pass, and then the same with one fault after another.

    Args:
        file: a .py file of tests, as pytest runs them.
        module: the student's module that they import; None finds it among their imports.
        bounds: what one run of the tests may use.
        workers: how many run at once.

    Raises:
        UsageError: they import nothing that can be put in their place, or there is no pytest.
    """
    bounds, file = bounds or Bounds(), path_of(file, "file", "grade_tests")
    if file.suffix != ".py":
        raise UsageError(f"`file` of grade_tests must end in .py. Got {shown(str(file))}.")
    if find_spec("pytest") is None:
        raise UsageError("grade_tests runs the tests by pytest. Install it: python -m pip install pytest.")
    with explained("read", file):
        text = read_text(file, MOST)
    imported = _imported(file, text, module)
    used = set().union(*imported.values())
    said = _run(file, tuple(imported), right(), bounds)
    if said is None or said[0]:
        ended = said[1] if said else f"{bounds.seconds} s"
        return Grading(str(file), tuple(imported), ended=ended)
    wanted = [one for one in faults() if one.owner in used or _needed_by(one.owner) & used]
    with ThreadPoolExecutor(max(1, workers)) as pool:
        verdicts = list(pool.map(lambda one: _verdict(file, tuple(imported), one, bounds), wanted))
    planted = [
        Planted(one.key, one.owner, one.cause, told) for one, told in zip(wanted, verdicts, strict=True)
    ]
    return Grading(str(file), tuple(imported), tuple(planted))


def _needed_by(owner: str) -> set[str]:
    """Return what else shows a fault that is planted in a function."""
    return {"SoftmaxWithLoss"} if owner == "softmax" else set()


def _imported(file: Path, text: str, module: str | None) -> dict[str, set[str]]:
    """Return the modules that stand for a student's, and the names that are used of them."""
    try:
        tree = ast.parse(text, str(file))
    except (SyntaxError, ValueError, RecursionError) as error:
        raise DataError(f"{file} is no Python: {one_line(error)}.") from None
    words = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)}
    words |= {one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
    found: dict[str, set[str]] = {}
    lacking: set[str] = set()
    for name, names in _imports(tree):
        if module is not None and name != module:
            continue
        used = words & NAMES if names is None or "*" in names else names & NAMES
        if used:
            found.setdefault(name, set()).update(used)
            lacking |= set() if names is None else names - NAMES - {"*"}
    if not found or lacking:
        known = ", ".join(sorted(NAMES))
        what = f"also {', '.join(sorted(lacking))}" if lacking else "none of them"
        where = f" from `{module}`" if module else ""
        raise UsageError(f"The tests must import what can be planted{where}: {known}. {file} imports {what}.")
    return found


def _imports(tree: ast.Module) -> Iterator[tuple[str, set[str] | None]]:
    """Yield the modules that are imported, with the names that are taken from them; None for all."""
    for one in ast.walk(tree):
        if isinstance(one, ast.ImportFrom) and one.module and not one.level:
            yield one.module, {alias.name for alias in one.names}
        elif isinstance(one, ast.Import):
            for alias in one.names:
                if alias.name.split(".")[0] not in sys.stdlib_module_names | {"numpy", "pytest"}:
                    yield alias.name, None


def _verdict(file: Path, modules: Sequence[str], fault: Fault, bounds: Bounds) -> str:
    said = _run(file, modules, with_fault(fault), bounds)
    if said is None:
        return "too_long"
    return "caught" if said[0] else "let_pass"


def _run(file: Path, modules: Sequence[str], code: str, bounds: Bounds) -> tuple[int, str] | None:
    """Run the tests on some code: the exit code and the last lines; None where their time was over."""
    with tempfile.TemporaryDirectory(prefix="convlens-grade-", ignore_cleanup_errors=True) as place:
        folder = Path(place).resolve()
        for path, found in _files(file, modules, code).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            write_text(folder / path, found)
        with (folder / "said.txt").open("wb") as said:
            process = subprocess.Popen(  # noqa: S603 (our own worker)
                [sys.executable, "-P", str(Path(__file__).with_name("tests_worker.py"))],
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={**os.environ, **ONE_THREAD, "PYTHONDONTWRITEBYTECODE": "1", "MPLBACKEND": "agg"},
                start_new_session=True,
            )
            task = {"file": file.name, "seconds": bounds.seconds, "mebibytes": bounds.mebibytes}
            try:
                process.communicate(json.dumps(task).encode(), timeout=bounds.seconds)
            except subprocess.TimeoutExpired:
                return None
            finally:
                end(process)
        last = read_bytes(folder / "said.txt", MOST).decode("utf-8", "replace").strip().splitlines()[-12:]
        return process.returncode, "\n".join(last)


def _files(file: Path, modules: Sequence[str], code: str) -> Mapping[str, str]:
    """Return the files of one run: the tests, what lies beside them, the code as each module."""
    found: dict[str, str] = {}
    for path in sorted(file.absolute().parent.glob("*.py"))[:_BESIDE]:
        try:
            found[path.name] = read_text(path, MOST)
        except (OSError, UnicodeDecodeError):
            continue
    for module in modules:
        *packages, name = module.split(".")
        for n in range(len(packages)):
            found["/".join([*packages[: n + 1], "__init__.py"])] = ""
        found["/".join([*packages, f"{name}.py"])] = code
    return found
