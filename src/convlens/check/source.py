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
_PLAIN = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.BinOp, ast.UnaryOp),
    *(ast.operator, ast.unaryop, ast.expr_context, ast.Subscript, ast.Slice, ast.Starred, ast.keyword),
    *(ast.Lambda, ast.arguments, ast.arg, ast.IfExp, ast.Compare, ast.cmpop, ast.BoolOp, ast.boolop),
)
_DEFINES = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_PATHS = ("sys.path.append(", "sys.path.insert(")
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
    for statement in _definitions(tree.body):
        code = compile(ast.Module([statement], []), name, "exec")
        try:
            exec(code, vars(module))  # noqa: S102 (that is what is asked for)
        except Exception:  # noqa: BLE001, S112 (what is missing then, is missing)
            continue
    return module


def _definitions(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that define something, at the top and under `if` and `try`."""
    for one in body:
        if (
            isinstance(
                one, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            )
            or (
                isinstance(one, ast.Assign | ast.AnnAssign) and one.value is not None and _is_plain(one.value)
            )
            or (
                isinstance(one, ast.Expr)
                and ast.unparse(one).startswith(("sys.path.append(", "sys.path.insert("))
            )
        ):
            yield one
        elif isinstance(one, ast.Try):
            yield from _definitions(one.body)
            yield from (part for handler in one.handlers for part in _definitions(handler.body))
        elif isinstance(one, ast.If) and "__main__" not in ast.unparse(one.test):
            yield from _definitions(one.body)


def _is_plain(value: ast.expr) -> bool:
    """Say whether an expression only makes a value, by functions of NumPy that read no file."""
    return all(isinstance(node, _PLAIN) or _is_numpys(node) for node in ast.walk(value))


def _is_numpys(node: Any) -> bool:  # noqa: ANN401
    if not isinstance(node, ast.Call):
        return False
    root: Any = node.func
    names: list[str] = []
    while isinstance(root, ast.Attribute):
        names.append(root.attr)
        root = root.value
    return isinstance(root, ast.Name) and root.id in {"np", "numpy"} and not _FILES & set(names)
