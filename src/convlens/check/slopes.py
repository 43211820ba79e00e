"""A function of one number and another one for its slope, as if they were a layer. Must not know layers.

    relu(x), relu_grad(x)          sigmoid(x), sigmoid_prime(y)          tanh(x), d_tanh(dout, x)

Whether the slope is asked of the input or of the output is told by trying: both are usual.
"""

import inspect
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.known_names import INPUTS, OUTPUTS, StandsFor, n_needed

__all__ = ["Sloped", "slope_of"]

_WORDS = ("grad", "gradient", "derivative", "prime", "deriv", "der", "dx", "diff", "slope")
_NOT = ("softmax", "loss", "entropy", "mse", "error", "cost", "numerical", "check")


class Sloped:
    """A function and its slope.

    Args:
        stands_for: how they are called.
        of_output: whether the slope is asked of what the function gives.
    """

    def __init__(self, stands_for: StandsFor, *, of_output: bool = False) -> None:
        self.stands_for, self.of_output = stands_for, of_output
        self.seen: tuple[Any, Any] = (None, None)

    def forward(self, x: Array) -> Array:
        """Return what the function gives."""
        out: Array = getattr(self.stands_for.kind, self.stands_for.forward)(x)
        self.seen = (x, out)
        return out

    def backward(self, dout: Array) -> Array:
        """Return its slope times what comes from behind."""
        function = getattr(self.stands_for.kind, self.stands_for.backward)
        at = self.seen[self.of_output]
        if n_needed(function) < 2:
            made: Array = np.asarray(function(at)) * dout
            return made
        first = next(iter(inspect.signature(function).parameters)).lower().strip("_")
        return np.asarray(function(at, dout) if first in INPUTS | OUTPUTS else function(dout, at))


def slope_of(name: str, own: Mapping[str, Callable[..., Any]]) -> StandsFor | None:
    """Return how a function of one number and that of its slope are called, if a file has both.

    Args:
        name: of the function.
        own: all functions of the file.
    """
    small = name.lower()
    if n_needed(own[name]) != 1 or any(word in small for word in _NOT):
        return None
    spelt = (
        at for word in _WORDS for at in (f"{name}_{word}", f"{word}_{name}", f"{word}{name}", f"{name}{word}")
    )
    second = next((at for at in (*spelt, f"d_{name}", f"d{name}") if at in own), None)
    if second is None or n_needed(own[second]) not in {1, 2}:
        return None
    return StandsFor(name, SimpleNamespace(**{name: own[name], second: own[second]}), name, second)
