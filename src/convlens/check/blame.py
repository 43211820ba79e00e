"""Whose fault an error is: that of a stranger's code, or of how it was called. Must not know what was called.

What is raised by a call that was guessed accuses nobody. Two errors no call can be blamed for: a name that is
defined nowhere, and an end of Python itself.
"""

import ast
import inspect
import linecache
import traceback
from typing import Any

from convlens.errors import one_line

__all__ = ["GUESSED", "Unread", "is_refusal", "is_theirs"]

GUESSED = "an argument of this call was guessed"
"""A note on errors that no code can be blamed for."""


class Unread(Exception):  # noqa: N818 (it is told as a remark)
    """A layer runs under none of the readings that were tried.

    Args:
        error: what it raised under the first of them.
        said: the same as a text, where that is what there is.
        line: of its file, if one is known.
    """

    def __init__(
        self, error: BaseException | None, said: str = "no argument fits", line: int | None = None
    ) -> None:
        text = one_line(f"{type(error).__name__}: {error}") if error else said
        super().__init__(text if line is None else f"{text} (line {line})")


def is_refusal(error: BaseException) -> bool:
    """Say whether code raised an error by itself, by `raise` or `assert`: it says what it does not do."""
    if isinstance(error, AssertionError | NotImplementedError):
        return True
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and (frames[-1].line or "").lstrip().startswith(("raise", "assert"))


def is_theirs(error: BaseException, kind: Any) -> bool:  # noqa: ANN401
    """Say whether an error comes of the code itself, however it is called.

    Args:
        error: what it raised.
        kind: the class, or what stands in for one.
    """
    if isinstance(error, SystemExit | UnboundLocalError):
        return True
    if not isinstance(error, NameError) or error.name is None:
        return False
    try:
        file = inspect.getsourcefile(next(iter(getattr(kind, "written", ())), kind))
        tree = ast.parse("".join(linecache.getlines(file or "")))
    except (OSError, TypeError, SyntaxError, ValueError):
        return False
    names = _defined(tree)
    return bool(tree.body) and "*" not in names and error.name not in names


def _defined(tree: ast.AST) -> list[str]:
    """Return every name that a program sets anywhere, whether or not that part of it was run; "*" for any."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.alias):
            found.append((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.Global):
            found += node.names
    return found
