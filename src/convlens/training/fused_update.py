"""An optimizer's rule as one kernel over the flat vector. Must not know networks.

The optimizer keeps its memory: what the kernel writes is what `optimizer.state()` saves.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens._typing import Array
from convlens.errors import ShapeError
from convlens.training.clipping import clipped, clipping_scale
from convlens.training.decay import Flat
from convlens.training.optimizers import OPTIMIZERS, Optimizer

if TYPE_CHECKING:
    from convlens.engine import FusedOptimizer

__all__ = ["FusedUpdate", "name_of", "update_flat"]

_NAMES = {cls: name for name, cls in OPTIMIZERS.items()}


def name_of(optimizer: Optimizer) -> str | None:
    """Return the name of an optimizer that has a kernel, or None for one of one's own class."""
    return _NAMES.get(type(optimizer))


class FusedUpdate:
    """Updates one flat float32 vector by its gradient, as an optimizer of ours would.

    Args:
        vector: all parameters.
        gradient: their derivatives, in the same order.
        threads: how many run; the results do not depend on it.
        weights: the spans of the vector that decay.
    """

    def __init__(self, vector: Array, gradient: Array, threads: int | None, weights: Sequence[slice]) -> None:
        self.vector, self.gradient, self.threads = vector, gradient, threads
        self.weights = weights
        self._kernel: Any = None
        self._made_for: Optimizer | None = None
        self._bound: dict[str, dict[str, Array]] | None = None

    def update(self, optimizer: Optimizer, clip_norm: float = 0.0) -> None:
        """Update once. An optimizer of one's own class runs as it is written.

        Args:
            optimizer: whose rule it is.
            clip_norm: the most that the gradient's norm may be; 0 for any.
        """
        if type(optimizer) not in _NAMES:
            update_flat(optimizer, self.vector, self.gradient, self.weights, clip_norm)
            return
        if self._made_for is not optimizer or self._bound is not optimizer.remembered:
            self._bind(optimizer)
        self._kernel.iter = optimizer.iter
        self._kernel.settings["weight_decay"] = optimizer.weight_decay
        scale = clipping_scale(self._kernel.norm(), clip_norm) if clip_norm else 1.0
        self._kernel.step(optimizer.lr, scale)
        optimizer.iter += 1

    def _bind(self, optimizer: Optimizer) -> None:
        """Let the kernel write where the optimizer remembers; `load_state` gives it another place."""
        if self._made_for is not optimizer:
            self._kernel, self._made_for = self._made(optimizer), optimizer
        for which in optimizer.memory:
            kept = optimizer.remembered.setdefault(which, {})
            array = np.ascontiguousarray(kept.setdefault("vector", np.zeros_like(self.vector)), np.float32)
            if array.shape != self.vector.shape:
                owner = f"`{which}` of {type(optimizer).__name__}"
                raise ShapeError(f"{owner} must be {self.vector.shape}. Got {array.shape}.")
            kept["vector"] = self._kernel.memory[which] = array
        self._bound = optimizer.remembered

    def _made(self, optimizer: Optimizer) -> "FusedOptimizer":
        from convlens import engine  # noqa: PLC0415 (Numba: half a second)

        name = _NAMES[type(optimizer)]
        settings = {
            key: getattr(optimizer, key) for key in engine.RULES[name].settings if hasattr(optimizer, key)
        }
        weights = None if optimizer.decays_all else self.weights
        return engine.FusedOptimizer(
            name, self.vector, self.gradient, self.threads, weights=weights, **settings
        )


def update_flat(
    optimizer: Optimizer, vector: Array, gradient: Array, weights: Sequence[slice], clip_norm: float
) -> None:
    """Update a flat vector once, by the optimizer's own code."""
    grads = clipped(["vector"], {"vector": gradient}, clip_norm)
    optimizer.update(Flat(vector, weights), grads)
