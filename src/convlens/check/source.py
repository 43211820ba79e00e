"""A file of somebody's: what it defines, without what it does. Must not know what it defines.

Of a program or a notebook only imports, definitions and plain values are run: a training at its end is not.
"""

import ast
import json
import linecache
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from convlens.errors import DataError, unread
from convlens.files import read_text

__all__ = ["MOST", "Source", "defined", "read_source"]

MOST = 16 << 20
"""The most bytes of a file that is read."""

_MODULE = "submission"
_NUMPY = frozenset(("np", "numpy"))
_PLAIN = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.BinOp, ast.UnaryOp),
    *(ast.operator, ast.unaryop, ast.expr_context, ast.Subscript, ast.Slice, ast.Starred, ast.keyword),
    *(ast.Lambda, ast.arguments, ast.arg, ast.IfExp, ast.Compare, ast.cmpop, ast.BoolOp, ast.boolop),
)
_DEFINES = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_PATHS = ("sys.path.append(", "sys.path.insert(")
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension)
_MAKERS = frozenset((
    *("range", "len", "int", "float", "bool", "str", "list", "tuple", "dict", "set", "min", "max"),
    *("abs", "sum", "sorted", "zip", "enumerate", "round", "pow", "slice", "frozenset"),
))  # fmt: skip
_FILES = {"load", "loadtxt", "genfromtxt", "fromfile", "memmap", "save", "savez", "savetxt", "tofile"}


@dataclass(frozen=True)
class Source:
    """A program's text.

    Attributes:
        path: of the file.
        text: as Python reads it.
        cells: of a notebook: line of the text → number of its cell, and line within it, both from 1.
    """

    path: Path
    text: str
    cells: dict[int, tuple[int, int]] = field(default_factory=dict)


def read_source(path: Path) -> Source:
    """Return the program in a .py file or in a notebook's cells.

    Raises:
        OSError: it cannot be read, or is larger than `MOST`.
        DataError: it is no text, or no notebook.
    """
    try:
        text = read_text(path, MOST)
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no text: {unread(error)}.") from None
    if path.suffix != ".ipynb":
        return Source(path, text)
    try:
        cells = [one for one in json.loads(text)["cells"] if one["cell_type"] == "code"]
        parts = ["".join(one["source"]) for one in cells]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DataError(f"{path} is no notebook: it must be JSON with `cells`.") from None
    lines: list[str] = []
    places: dict[int, tuple[int, int]] = {}
    for number, part in enumerate(parts, 1):
        for within, line in enumerate(_runnable(part), 1):
            lines.append(line)
            places[len(lines)] = (number, within)
    return Source(path, "\n".join(lines) + "\n", places)


def _runnable(cell: str) -> list[str]:
    """Return a cell's lines; what is not Python becomes empty, and so does a cell that cannot be read."""
    lines = cell.splitlines()
    magic = lines[0].split()[0] if lines and lines[0].startswith("%%") else ""
    if magic not in {"", "%%time", "%%timeit", "%%capture"}:
        return [""] * len(lines)
    bare = ["" if line.lstrip().startswith(("%", "!", "?")) else line for line in lines]
    try:
        ast.parse("\n".join(bare))
    except (SyntaxError, ValueError, RecursionError):
        return [""] * len(lines)
    return bare


def defined(source: Source) -> ModuleType:
    """Return a module with what a program defines, as far as it can be defined.

    Raises:
        SyntaxError: it is no Python.
    """
    name = str(source.path)
    tree = ast.parse(source.text, name)
    module = ModuleType(_MODULE)
    module.__file__ = name
    sys.modules[_MODULE] = module
    lines = source.text.splitlines(keepends=True)
    linecache.cache[name] = (len(source.text), None, lines, name)  # where an error's lines are looked up
    for statement in _definitions(tree.body, _from_numpy(tree)):
        code = compile(ast.Module([statement], []), name, "exec")
        try:
            exec(code, vars(module))  # noqa: S102 (that is what is asked for)
        except Exception:  # noqa: BLE001, S112 (what is missing then, is missing)
            continue
    return module


def _from_numpy(tree: ast.Module) -> frozenset[str]:
    """Return the names under which a program has functions and types of NumPy: `F = np.float32`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Attribute)
            and _root(node.value) in _NUMPY
        ):
            found |= {one.id for one in node.targets if isinstance(one, ast.Name)}
        elif isinstance(node, ast.ImportFrom) and node.module == "numpy":
            found |= {one.asname or one.name for one in node.names if one.name not in _FILES}
    return frozenset(found)


def _definitions(body: list[ast.stmt], known: frozenset[str]) -> Iterator[ast.stmt]:
    """Yield the statements that define something, at the top and under `if` and `try`."""
    for one in body:
        if (
            isinstance(
                one, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            )
            or (
                isinstance(one, ast.Assign | ast.AnnAssign)
                and one.value is not None
                and _is_plain(one.value, known)
            )
            or (
                isinstance(one, ast.Expr)
                and ast.unparse(one).startswith(("sys.path.append(", "sys.path.insert("))
            )
        ):
            yield one
        elif isinstance(one, ast.Try):
            yield from _definitions(one.body, known)
            yield from (part for handler in one.handlers for part in _definitions(handler.body, known))
        elif isinstance(one, ast.If) and "__main__" not in ast.unparse(one.test):
            yield from _definitions(one.body, known)


def _is_plain(value: ast.expr, known: frozenset[str]) -> bool:
    """Say whether an expression only makes a value, by functions of NumPy that read no file."""
    allowed = (*_PLAIN, *_COMPREHENSIONS)
    return all(isinstance(node, allowed) or _is_harmless(node, known) for node in ast.walk(value))


def _is_harmless(node: Any, known: frozenset[str]) -> bool:  # noqa: ANN401
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in known | _MAKERS
    names = {one.attr for one in ast.walk(node.func) if isinstance(one, ast.Attribute)}
    return _root(node.func) in _NUMPY and not _FILES & names


def _root(node: Any) -> str:  # noqa: ANN401
    """Return the name at which a chain of attributes begins."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
