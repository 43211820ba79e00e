"""What somebody says in words of what they wrote: in its name, its texts, its comments. Must not run it.

Words accuse nobody. They say which other convention is meant: filters that are mirrored on purpose, a loss of
one column of scores.
"""

import ast
import inspect
import linecache
import re
from collections.abc import Iterator
from typing import Any

__all__ = ["says_column", "says_mirrored"]

_MIRRORED = re.compile(
    r"mirror|flip|\btrue[ _]?conv|mathemat|math[ _]?conv|signal[ _]processing|rotat\w+ (by )?180|"
    r"反転|鏡|ひっくり|数学|뒤집|거울|반전|수학",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(\b(no|not|never|without|un)\b[\s\w]{0,12}?(mirror|flip)\w*)|反転(し|せ)(ない|ず)|뒤집지", re.IGNORECASE
)
_COLUMN = re.compile(
    r"\(\s*(n|m|b|batch|batch_?size|bs|samples)\s*,\s*1?\s*\)|binary|bernoulli|logistic|"
    r"yes/no|\b0 (or|and|/) 1\b|"
    r"single output|one output|one column|regression|이진|회귀|한 열|二値|2値|回帰|1列",
    re.IGNORECASE,
)
_COLUMN_NAME = re.compile(r"binary|bce|logistic|sigmoid|logit", re.IGNORECASE)


def says_mirrored(kind: Any) -> bool:  # noqa: ANN401
    """Say whether the filters are said to be mirrored.

    Args:
        kind: a class, or what holds functions.
    """
    return bool(_MIRRORED.search(_DENIED.sub("", " ".join(_said(kind)))))


def says_column(kind: Any, name: str) -> bool:  # noqa: ANN401
    """Say whether one score a sample is said to be meant.

    Args:
        kind: a class, or what holds functions.
        name: what it is called.
    """
    return bool(_COLUMN_NAME.search(name) or _COLUMN.search(" ".join(_said(kind))))


def _said(kind: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield names, texts and comments of a class or of functions, and the text at the head of their file."""
    held = (
        [kind] if inspect.isclass(kind) else [one for one in vars(kind).values() if inspect.isfunction(one)]
    )
    for one in held:
        yield one.__name__
        try:
            lines, first = inspect.getsourcelines(one)
            whole = linecache.getlines(inspect.getsourcefile(one) or "")
            tree = ast.parse("".join(whole))
        except (OSError, TypeError, SyntaxError, ValueError):
            continue
        yield ast.get_docstring(tree) or ""
        yield inspect.getcomments(one) or ""
        yield from (line.partition("#")[2] for line in lines)
        own = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef))
        yield from (ast.get_docstring(node) or "" for node in own
                    if first <= node.lineno < first + len(lines))  # fmt: skip
