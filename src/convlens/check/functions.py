"""Layers, losses and rules written as functions, as if they were objects. Must not know how they are checked.

    affine_forward(x, w, b) -> (out, cache)          affine_backward(dout, cache) -> (dx, dw, db)
    softmax_loss(x, y) -> (loss, dx)                 sgd(w, dw, config=None) -> (w, config)

What the forward takes besides its input becomes an attribute; what the backward returns, a dict of gradients.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from convlens._typing import Array
from convlens.check.blame import GUESSED
from convlens.check.known_names import CACHES, INPUTS, OUTPUTS, StandsFor, n_needed
from convlens.check.loss_functions import loss_of, loss_of_pair, weighed_loss_of
from convlens.check.slopes import slope_of

__all__ = ["Functions", "functions_of"]

_FORWARD = re.compile(r"(.*?)_?(forward|fwd|fprop)_?(.*)", re.IGNORECASE)
_BACKWARDS = ("backward", "bwd", "bprop", "backprop")
_ENDINGS = ("grad", "back", "gradient", "vjp", "pullback")
_UPSTREAM = re.compile(r"d[a-z]?|d(out|y|z|a|h|l)\w*|g|grad\w*|delta\w*|up\w*|err\w*", re.IGNORECASE)
_LOSS = re.compile(r"loss|softmax|svm|hinge|entropy|mse|squared|nll|bce|logistic|cost", re.IGNORECASE)
_RULE = re.compile(
    r"^_?(sgd|momentum|adagrad|rmsprop|adam|nesterov|nag)|_(sgd|momentum|rmsprop|adam)$", re.IGNORECASE
)


class Functions(NamedTuple):
    """What a module's functions make: name and what makes an object, or the object itself."""

    name: str
    sort: str
    """"layer", "loss", "network", "optimizer" or "slope"."""

    make: Callable[..., Any]


class _Pair:
    """A layer in two functions.

    Args:
        stands_for: how they are called.
        settings: what the forward takes besides its input, by name.
    """

    def __init__(self, stands_for: StandsFor, settings: Mapping[str, Any]) -> None:
        self.stands_for = stands_for
        self.settings_names = tuple(settings)
        for name, value in settings.items():
            setattr(self, name, value)
        self.grads: dict[str, Array] = {}
        self.seen: tuple[Any, Any, Any] = (None, None, None)

    def _function(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.stands_for.kind, name)

    def forward(self, x: Array) -> Array:
        """Return what the first function gives; remember what it gives beside it."""
        settings = {name: getattr(self, name) for name in self.settings_names}
        given = self._function(self.stands_for.forward)(x, **settings)
        parts = given if isinstance(given, tuple) else (given, None)
        self.seen = (x, parts[0], parts[1] if len(parts) == 2 else parts[1:])
        out: Array = parts[0]
        return out

    def backward(self, dout: Array) -> Any:  # noqa: ANN401
        """Return the input's derivative; keep those of the rest."""
        arguments = self._arguments(dout)
        try:
            given = self._function(self.stands_for.backward)(*arguments)
        except Exception as error:
            if self.seen[2] is None and any(one is None for one in arguments):
                error.add_note(GUESSED)
            raise
        self.grads = {}
        if isinstance(given, dict):
            found = {key: one for key, one in given.items() if isinstance(one, np.ndarray | np.generic)}
            self.grads = {str(key): np.asarray(one) for key, one in found.items()}
            at = next((key for key in self.grads if key.lower() in {"dx", "x", "da_prev"}), None)
            return self.grads.pop(at) if at else None
        if not isinstance(given, tuple | list):
            return given
        tables = [one for one in given[1:] if isinstance(one, dict)]
        if tables:
            self.grads = {str(key): np.asarray(one) for table in tables for key, one in table.items()}
            return given[0]
        arrays = [name for name in self.settings_names if isinstance(getattr(self, name), np.ndarray)]
        self.grads = dict(zip((f"d{name}" for name in arrays), map(np.asarray, given[1:]), strict=False))
        return given[0] if given else None

    def _arguments(self, dout: Array) -> list[Any]:
        """Return what the second function is given, by the names of its arguments."""
        x, out, cache = self.seen
        found: list[Any] = []
        is_given = False
        for name, one in inspect.signature(self._function(self.stands_for.backward)).parameters.items():
            small = name.lower().strip("_")
            if small in CACHES:
                found.append(x if cache is None else cache)
            elif name in self.settings_names:
                found.append(getattr(self, name))
            elif small in INPUTS or small in OUTPUTS:
                found.append(x if small in INPUTS else out)
            elif "shape" in small and cache is None:
                found.append(out.shape if small.startswith(("out", "y")) else x.shape)
            elif one.default is not one.empty:
                break
            else:
                found.append(cache if is_given else dout)
                is_given = True
        return found


def _maker(stands_for: StandsFor) -> Callable[..., Any]:
    """Return what makes a pair of functions a layer: called as its forward is, without the input."""
    forward = getattr(stands_for.kind, stands_for.forward)
    found = inspect.signature(forward)

    def make(**settings: Any) -> _Pair:  # noqa: ANN401
        return _Pair(stands_for, settings)

    backward = getattr(stands_for.kind, stands_for.backward)
    vars(make)["written"] = (forward, backward)
    vars(make)["__signature__"] = found.replace(parameters=list(found.parameters.values())[1:])
    text = ""
    with suppress(OSError, TypeError):
        text = inspect.getsource(forward)
    vars(make)["asks"] = frozenset(word for word in ("stride", "pad") if word in text)
    return make


def _rule(function: Callable[..., Any]) -> Any:  # noqa: ANN401
    """Return an optimizer that calls a rule for one array after another, each with a memory of its own."""

    def start(self: Any) -> None:  # noqa: ANN401
        self.memories = {}
        with suppress(Exception):
            given = function(np.ones(1), np.ones(1))
            self.config = dict(given[1]) if isinstance(given, tuple) and isinstance(given[1], dict) else {}

    def update(self: Any, params: dict[str, Array], grads: dict[str, Array]) -> None:  # noqa: ANN401
        for key, array in params.items():
            given = function(array, grads[key], self.memories.get(key))
            moved, self.memories[key] = given if isinstance(given, tuple) else (given, None)
            array[...] = moved

    stands_for = StandsFor(function.__name__, SimpleNamespace(update=function), "update", "update")
    members = {
        "__init__": start,
        "update": update,
        "stands_for": stands_for,
        "__module__": function.__module__,
    }
    return type(function.__name__, (), members)


def functions_of(module: ModuleType, only: str | None = None) -> Iterator[Functions]:
    """Yield what a module's own functions make.

    Args:
        module: what a file defines.
        only: the one function to look at; None for all.
    """
    own = {name: one for name, one in vars(module).items()
           if inspect.isfunction(one) and one.__module__ == module.__name__}  # fmt: skip
    used: set[str] = set()
    for name in own:
        if only in {None, name} and name not in used:
            yield from _of_pair(name, own, used)
    for name, function in own.items():
        if only in {None, name} and name not in used:
            yield from _of_one(name, function, own, used)


def _of_pair(name: str, own: Mapping[str, Any], used: set[str]) -> Iterator[Functions]:
    """Yield the layer or the loss that a forward and its backward make."""
    backward = _backward_of(name, own)
    if backward is None or not _takes_one(own[name]):
        return
    used |= {name, backward}
    match = _FORWARD.fullmatch(name)
    stem = ("_".join(part for part in (match[1], match[3]) if part) if match else name) or name
    loss = loss_of_pair(stem, name, backward, own)
    if loss is not None:
        yield Functions(stem, "loss", lambda: loss)
        return
    kind = SimpleNamespace(**{name: own[name], backward: own[backward]})
    yield Functions(stem, "layer", _maker(StandsFor(stem, kind, name, backward)))


def _of_one(name: str, function: Any, own: Mapping[str, Any], used: set[str]) -> Iterator[Functions]:  # noqa: ANN401
    """Yield what a function makes by itself, or with that of its slope."""
    slope = slope_of(name, own)
    if slope is not None:
        used |= {name, slope.backward}
        yield Functions(name, "slope", lambda: slope)
    elif _LOSS.search(name) and n_needed(function) == 2:
        loss = loss_of(name, function, own)
        if loss is not None:
            yield Functions(name, "loss", lambda: loss)
    elif _LOSS.search(name) and n_needed(function) in {3, 4}:
        network = weighed_loss_of(function)
        if network is not None:
            yield Functions(name, "network", lambda: network)
    elif _RULE.search(name) and n_needed(function) == 2 and _n_possible(function) == 3:
        yield Functions(name, "optimizer", _rule(function))


def _backward_of(name: str, own: Mapping[str, Any]) -> str | None:
    """Return the function that is called as a forward's backward is."""
    match = _FORWARD.fullmatch(name)
    if match is None:
        plain = next((at for word in _BACKWARDS for at in (f"{name}_{word}",) if at in own), None)
        return plain or next(
            (at for word in _ENDINGS for at in (f"{name}_{word}",) if _has_cache(own.get(at))), None
        )
    heads = [re.sub(match[2], word, name, count=1) for word in _BACKWARDS]
    found = next((at for at in heads if at in own), None)
    if found is None and match[1]:
        found = next((at for word in _BACKWARDS for at in own if at.startswith(f"{match[1]}_{word}")), None)
    return found


def _has_cache(function: Callable[..., Any] | None) -> bool:
    """Say whether a function takes what comes from behind, and then what another one has kept for it."""
    taken = list(inspect.signature(function).parameters) if function is not None else []
    return len(taken) == 2 and bool(_UPSTREAM.fullmatch(taken[0])) and taken[1].lower().strip("_") in CACHES


def _takes_one(function: Callable[..., Any]) -> bool:
    return bool(inspect.signature(function).parameters)


def _n_possible(function: Callable[..., Any]) -> int:
    return len(inspect.signature(function).parameters)
