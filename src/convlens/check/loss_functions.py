"""Losses written as functions, as if they were objects. Must not know how they are checked.

softmax_loss(x, y) -> (loss, dx)             mse(y, t), mse_grad(y, t)
mse_forward(y, t) -> (loss, cache)           mse_backward(cache) -> dy
svm_loss(W, X, y, reg) -> (loss, dW)
"""

import inspect
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import numpy as np

from convlens._typing import Array, IntArray
from convlens.check.known_names import CACHES, INPUTS, LABELS, StandsFor, n_needed

__all__ = ["LossFunction", "WeighedLoss", "loss_of", "loss_of_pair", "weighed_loss_of"]


class LossFunction:
    """A loss that returns its derivative beside it, or in a second function.

    Args:
        stands_for: how they are called.
        has_cache: whether the first one returns what the second one needs.
    """

    def __init__(self, stands_for: StandsFor, *, has_cache: bool = False) -> None:
        self.stands_for, self.has_cache = stands_for, has_cache
        self.seen: tuple[Any, Any, Any] = (None, None, None)

    def _function(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.stands_for.kind, name)

    def forward(self, x: Array, t: Array) -> Any:  # noqa: ANN401
        """Return the loss; remember the rest."""
        given = self._function(self.stands_for.forward)(x, t)
        beside = (given[1] if len(given) == 2 else given[1:]) if isinstance(given, tuple) else None
        self.seen = (x, t, beside)
        return given[0] if isinstance(given, tuple) else given

    def backward(self, dout: float = 1.0) -> Any:  # noqa: ANN401
        """Return its derivative."""
        x, t, beside = self.seen
        if self.has_cache:
            dx = self._function(self.stands_for.backward)(*self._arguments())
        elif beside is not None:
            dx = beside
        else:
            dx = self._function(self.stands_for.backward)(x, t)
        return np.asarray(dx[0] if isinstance(dx, tuple) else dx) * dout

    def _arguments(self) -> list[Any]:
        """Return what the second function must be given, by the names of its arguments."""
        x, t, cache = self.seen
        first, second = list(inspect.signature(self._function(self.stands_for.forward)).parameters)[:2]
        values = {first: x, second: t}
        found: list[Any] = []
        is_given = cache is None
        for name, one in inspect.signature(self._function(self.stands_for.backward)).parameters.items():
            small = name.lower().strip("_")
            if one.default is not one.empty:
                break
            if name in values or small in INPUTS | LABELS:
                found.append(values.get(name, t if small in LABELS else x))
            elif not is_given and (small in CACHES or not small.startswith(("d", "g", "up"))):
                found.append(cache)
                is_given = True
            else:
                found.append(1.0)
        return found


_X = np.random.default_rng(2).random((4, 3)) + 0.1
_BATCHES = (
    (_X, np.array([2, 0, 1, 2])),
    (_X, np.eye(3)[[2, 0, 1, 2]]),
    (_X[:3], np.eye(3)[[2, 0, 1]]),  # as many samples as classes
)


def loss_of(name: str, function: Callable[..., Any], own: Mapping[str, Any]) -> LossFunction | None:
    """Return a loss of two arguments, if it gives a derivative, or another function does.

    Args:
        name: of the function.
        function: it.
        own: all functions of its file.
    """
    words = ("grad", "gradient", "derivative", "prime", "backward", "deriv")
    seconds = (at for word in words for at in (f"{name}_{word}", f"{word}_{name}", f"d_{name}", f"d{name}"))
    second = next((at for at in seconds if at in own), None)
    for x, t in _BATCHES:
        with suppress(Exception), np.errstate(all="ignore"):
            given = function(x.copy(), t.copy())
            pair = isinstance(given, tuple) and len(given) == 2 and np.shape(given[1]) == x.shape
            if pair or (second is not None and np.ndim(given) == 0):
                backward = name if pair or second is None else second
                kind = SimpleNamespace(**{one: own[one] for one in {name, backward}})
                return LossFunction(StandsFor(name, kind, name, backward))
    return None


def loss_of_pair(stem: str, name: str, backward: str, own: Mapping[str, Any]) -> LossFunction | None:
    """Return a loss whose forward gives what its backward needs, if the first one gives a number.

    Args:
        stem: what both are called.
        name: of the forward.
        backward: of the backward.
        own: all functions of the file.
    """
    if n_needed(own[name]) != 2:
        return None
    kind = SimpleNamespace(**{one: own[one] for one in (name, backward)})
    for x, t in _BATCHES:
        with suppress(Exception), np.errstate(all="ignore"):
            made = LossFunction(StandsFor(stem, kind, name, backward), has_cache=True)
            if np.size(made.forward(x.copy(), t.copy())) == 1 and np.shape(made.backward()) == x.shape:
                return made
    return None


class WeighedLoss:
    """A loss of weights, inputs and labels that returns the derivative by the weights: a small network.

    Args:
        function: which one.
        further: what else it must be given.
    """

    def __init__(self, function: Callable[..., Any], further: tuple[float, ...]) -> None:
        self.stands_for = StandsFor(
            function.__name__, SimpleNamespace(loss=function, gradient=function), "loss", "gradient"
        )
        self.function, self.reg = function, further
        self.params = {"W": 0.3 * np.random.default_rng(6).normal(size=(12, 5))}

    def loss(self, x: Array, t: IntArray) -> float:
        """Return the loss."""
        return float(self.function(self.params["W"], x, t, *self.reg)[0])

    def gradient(self, x: Array, t: IntArray) -> dict[str, Array]:
        """Return the derivative by the weights."""
        return {"W": np.asarray(self.function(self.params["W"], x, t, *self.reg)[1])}


def weighed_loss_of(function: Callable[..., Any]) -> WeighedLoss | None:
    """Return a loss of weights, inputs and labels, if a function is one."""
    further = tuple(0.1 for _ in range(n_needed(function) - 3))
    x, t = np.random.default_rng(3).normal(size=(3, 12)), np.array([2, 0, 4])
    with suppress(Exception), np.errstate(all="ignore"):
        made = WeighedLoss(function, further)
        given = function(made.params["W"].copy(), x, t, *further)
        if len(given) == 2 and np.size(given[0]) == 1 and np.shape(given[1]) == (12, 5):
            return made
    return None
