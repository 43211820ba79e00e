"""How people call weights and their derivatives: dW, grad_W, grads['W']. Must not know arrays."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Names", "base_of", "partner", "wears_a_name"]

_MARKS = re.compile(r"gradients?|grads?|derivatives?|deltas?|dloss_?d?|dl_?d(?=\w)")
_SHELLS = re.compile(r"returned|params?|parameters|learnables?|data|values?|array")
_ALIASES = (
    {
        "w",
        "weight",
        "weights",
        "kernel",
        "kernels",
        "filter",
        "filters",
        "k",
        "f",
        "wt",
        "wts",
        "theta",
        "coef",
    },
    {"b", "bias", "biases", "beta", "offset", "intercept"},
    {"gamma", "scale"},
)
_ALL = frozenset().union(*_ALIASES)


@dataclass(frozen=True)
class Names:
    """How a layer's methods and arrays are called, where it is not as usual."""

    forward: tuple[str, ...] = ("forward", "fprop", "fwd", "forward_pass", "forward_propagation", "__call__")
    backward: tuple[str, ...] = (
        "backward",
        "bprop",
        "bwd",
        "backward_pass",
        "backward_propagation",
        "backprop",
    )
    gradients: Mapping[str, str] = field(default_factory=dict)
    """Parameter → the attribute in which backward leaves its derivative."""


def _words(path: str) -> list[str]:
    return [word for word in re.split(r"[^A-Za-z0-9]+", path) if word and not word.isdigit()] or [path]


def _base(path: str) -> tuple[str, bool]:
    """Return what a path names, in small letters and without marks, and whether it is marked a derivative."""
    kept, marked = [], False
    for word in _words(path):
        small = word.lower()
        bare = _MARKS.sub("", small) if small not in _ALL else small
        if (
            bare == small
            and len(word) > 1
            and small[0] == "d"
            and (word[1].isupper() or _is_alias(small[1:]))
        ):
            bare = small[1:]
        marked |= bare != small
        bare = _SHELLS.sub("", bare).strip("_") if bare not in _ALL else bare
        if bare == "d":
            marked, bare = True, ""
        kept.append(bare)
    return "".join(kept), marked


def base_of(path: str, *, marked: bool = False) -> str:
    """Return what a path names without what marks a derivative; only where it is so marked, if asked.

    >>> [base_of(path) for path in ("params['W1']", "grads['W1']", "self.dW1")]
    ['w1', 'w1', 'selfw1']
    """
    base, is_marked = _base(path)
    return base if is_marked or not marked else ""


def _is_alias(name: str) -> bool:
    return any(name.rstrip("0123456789_") in family for family in _ALIASES)


def wears_a_name(path: str) -> bool:
    """Say whether an array is called as weights and biases are, or lies among `params`.

    >>> [wears_a_name(path) for path in ("W", "params['gamma']", "dW", "x", "grads['W']")]
    [True, True, False, False, False]
    """
    base, marked = _base(path)
    among = bool(re.match(r"_?(params?|parameters|weights)\b[\[.]", path))
    return not marked and (among or _is_alias(base)) and "filter_" not in path


def partner(
    path: str, moving: Sequence[str], shapes: Mapping[str, tuple[int, ...]], shape: tuple[int, ...] = ()
) -> str | None:
    """Return which of the arrays is the derivative of the parameter `path`; None where none is.

    Args:
        path: the parameter's.
        moving: the paths of those that change with the derivative by the output.
        shapes: path → shape of all that may be it.
        shape: the parameter's.

    Where nothing is given to choose from, "derivative" says that `path` is called as a derivative itself.
    """
    base, marked = _base(path)
    if not shapes:
        return "derivative" if marked else None
    scores: dict[str, int] = {}
    for at, found in shapes.items():
        other, is_marked = _base(at)
        if other == f"d{base}":
            other, is_marked = base, True
        alike = 3 * (other == base) or 2 * _same_family(base, other)
        named = alike + 2 if alike and is_marked else 0
        fits = 1 if found == shape and at in moving else 0
        scores[at] = named + fits if named or fits else 0
    best = max(scores, key=lambda at: scores[at], default=None)
    return best if best is not None and scores[best] else None


def _same_family(one: str, other: str) -> bool:
    plain = one.rstrip("0123456789_"), other.rstrip("0123456789_")
    return any(set(plain) <= family for family in _ALIASES) or (
        min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one))
    )
