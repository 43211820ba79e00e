"""On which line of its file a class computes something. Must not know what is wrong with it."""

import inspect
import re
from typing import Any

__all__ = ["line_of", "start_of"]


def start_of(cls: Any, method: str) -> int | None:  # noqa: ANN401
    """Return the first line of a class's method; None where its source is not there."""
    found = _source(cls, method)
    return found[1] if found else None


def line_of(cls: Any, method: str, target: str) -> int | None:  # noqa: ANN401
    """Return the last line of a method that sets `target`, or the one that it returns from.

    Args:
        cls: the class, or what holds the functions.
        method: its method's name.
        target: an attribute as it is written ("dW", "grads['W']"), or "" for what is returned.
    """
    found = _source(cls, method)
    if found is None:
        return None
    lines, first = found
    name = re.split(r"[.\[\]'\"]+", target.strip("]'\""))[-1] if target else ""
    sets = rf"(^|[^\w]){re.escape(name)}['\"]?\]?(\[[^=]*\])?\s*([-+*/@]?=)(?!=)" if name else r"^\s*return\b"
    at = [number for number, line in enumerate(lines) if re.search(sets, line.split("#")[0])]
    return first + at[-1] if at else first


def _source(cls: Any, method: str) -> tuple[list[str], int] | None:  # noqa: ANN401
    try:
        return inspect.getsourcelines(getattr(cls, method))
    except (OSError, TypeError, AttributeError, IndentationError, SyntaxError):
        return None
