"""How a stranger's functions call what they take, and what an object stands for. Must not know forms."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["CACHES", "INPUTS", "LABELS", "OUTPUTS", "StandsFor", "n_needed"]

CACHES = frozenset(("cache", "caches", "memory", "saved", "ctx", "context", "tmp", "aux"))
INPUTS = frozenset(("x", "input", "inputs", "inp", "a_prev", "aprev", "a", "z"))
OUTPUTS = frozenset(("out", "y", "output", "outputs"))
LABELS = frozenset(("t", "target", "targets", "label", "labels", "y_true", "truth", "answer", "answers",
                    "teacher", "ytrue", "y_label", "t_label", "gt", "correct"))  # fmt: skip


class StandsFor(NamedTuple):
    """Which functions an object stands for, as a report calls them."""

    name: str
    kind: Any
    forward: str
    backward: str


def n_needed(function: Callable[..., Any]) -> int:
    """Return how many arguments a function must be given."""
    found = inspect.signature(function).parameters.values()
    return sum(one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD for one in found)
