"""An optimizer's rule as one kernel over the flat vector. Must not know networks.

The optimizer keeps its memory: what the kernel writes is what `optimizer.state()` saves.
"""

from typing import TYPE_CHECKING

import numpy as np

from convlens._typing import Array
from convlens.training.optimizers import OPTIMIZERS, Optimizer

if TYPE_CHECKING:
    from convlens.engine import FusedOptimizer

__all__ = ["FusedUpdate"]

_NAMES = {cls: name for name, cls in OPTIMIZERS.items()}


class FusedUpdate:
    """Updates one flat float32 vector by its gradient, as an optimizer of ours would.

    Args:
        vector: all parameters.
        gradient: their derivatives, in the same order.
        threads: how many run; the results do not depend on it.
    """

    def __init__(self, vector: Array, gradient: Array, threads: int | None) -> None:
        self.vector, self.gradient, self.threads = vector, gradient, threads
        self._kernel: FusedOptimizer | None = None
        self._made_for: Optimizer | None = None

    def update(self, optimizer: Optimizer) -> None:
        """Update once. An optimizer of one's own class runs as it is written."""
        if type(optimizer) not in _NAMES:
            optimizer.update({"vector": self.vector}, {"vector": self.gradient})
            return
        if self._kernel is None or self._made_for is not optimizer:
            self._kernel, self._made_for = self._made(optimizer), optimizer
        for which in optimizer.memory:
            kept = getattr(optimizer, which) or {"vector": np.zeros_like(self.vector)}
            setattr(optimizer, which, kept)
            self._kernel.memory[which] = kept["vector"]
        self._kernel.iter = optimizer.iter
        self._kernel.step(optimizer.lr)
        optimizer.iter += 1

    def _made(self, optimizer: Optimizer) -> "FusedOptimizer":
        from convlens import engine  # noqa: PLC0415 (Numba: half a second)

        name = _NAMES[type(optimizer)]
        settings = {
            key: getattr(optimizer, key) for key in engine.RULES[name].settings if hasattr(optimizer, key)
        }
        return engine.FusedOptimizer(name, self.vector, self.gradient, self.threads, **settings)
