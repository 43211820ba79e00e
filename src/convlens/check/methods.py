"""What a class calls its forward and its backward, where it is not as usual. Must not run it.

A backward is told by what it takes: what comes from behind, called `dout`, `dy`, `grad` and the like.
"""

import inspect
import re
from dataclasses import replace
from typing import Any

from convlens.check.known_names import CACHES
from convlens.check.names import Names

__all__ = ["called_by"]

_UPSTREAM = re.compile(r"d|d_?(out|y|z|a|h|l|x)\w*|g|grad\w*|delta\w*|up\w*|err\w*", re.IGNORECASE)
_SLOPES = ("grad", "gradient", "gradients", "derivative")
_OTHERS = ("update", "step", "fit", "train", "predict", "loss", "cost")


def called_by(cls: type, names: Names) -> Names:
    """Return how a class's two methods are called: as usual, or as only two of its methods can be meant.

    Args:
        cls: the class.
        names: what is usual.
    """
    methods = {name: one for name, one in vars(cls).items()
               if inspect.isfunction(one) and (not name.startswith("_") or name == "__call__")}  # fmt: skip
    if any(name in methods for name in (*names.backward, *_OTHERS)):
        return names
    backs = [name for name, one in methods.items() if _is_backward(name, one)]
    known = [name for name in names.forward if name in methods]
    fits = known or [name for name, one in methods.items() if name not in backs and len(_taken(one)) == 1]
    if len(backs) != 1 or len(fits) != 1:
        return names
    if not _taken(methods[backs[0]]) and len(_taken(methods[fits[0]])) != 2:
        return names  # only a loss's takes nothing
    return replace(names, forward=(fits[0], *names.forward), backward=(backs[0], *names.backward))


def _taken(method: Any) -> list[str]:  # noqa: ANN401
    found = list(inspect.signature(method).parameters.values())[1:]
    return [one.name for one in found if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]


def _is_backward(name: str, method: Any) -> bool:  # noqa: ANN401
    """Say whether a method takes what comes from behind, or is a slope that takes nothing: that of a loss."""
    taken = _taken(method)
    if not taken:
        return name in _SLOPES
    is_cached = len(taken) == 1 or (len(taken) == 2 and taken[1].lower().strip("_") in CACHES)
    return is_cached and bool(_UPSTREAM.fullmatch(taken[0]))
