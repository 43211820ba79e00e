"""What comes before an optimizer's rule, over the flat vectors: a gradient scaled, weights that decay.

A gradient stays as it was: what the rule sees is another vector. Must not know rules, networks or schedules.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlens.engine.program import Program, Programs
from convlens.errors import UsageError
from convlens.kernels.mixing import BLOCK, L, mix, square_sums
from convlens.kernels.runtime.tapes import NumberBlank

__all__ = ["Readying"]

Numbers = NDArray[np.float32]
ONE = np.float32(1)


class Readying:
    """Makes one gradient ready for a rule, and lets weights decay.

    Args:
        vector: all parameters.
        gradient: their derivatives.
        weights: the spans of the vector that decay.

    Raises:
        UsageError: the two have not one shape.
    """

    def __init__(self, vector: Numbers, gradient: Numbers, weights: Sequence[slice]) -> None:
        if vector.shape != gradient.shape:
            shapes = f"{vector.shape} {gradient.shape}"
            raise UsageError(f"all vectors of a fused optimizer must have one shape. Got {shapes}.")
        self.vector, self.gradient, self.weights = vector, gradient, tuple(weights)
        self._scale, self._decay = NumberBlank(np.float32), NumberBlank(np.float32)
        self._ready: Numbers = np.zeros(0, np.float32)
        self._sums = np.zeros(-(-gradient.size // BLOCK) * L, np.float32)
        self._programs: Programs[Program] = Programs()

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy has its own memory."""
        return Readying, (self.vector, self.gradient, self.weights)

    def is_of(self, vector: Numbers, gradient: Numbers) -> bool:
        """Say whether it was made for these very arrays."""
        return self.vector is vector and self.gradient is gradient

    def norm(self) -> float:
        """Return the gradient's Euclidean norm, the same for any number of threads."""
        if self.gradient.size:
            self._program("norm", lambda: square_sums(self.gradient, self._sums)).run()
        return float(np.sqrt(np.sum(self._sums, dtype=np.float64)))

    def ready(self, scale: float, decay: float) -> Numbers:
        """Return scale · gradient, with decay · p added where p is one of the weights."""
        if scale == 1 and not decay:
            return self.gradient
        if self._ready.shape != self.gradient.shape:
            self._ready = np.zeros_like(self.gradient)
        self._scale.fill(scale)
        self._decay.fill(decay)
        self._program("ready", self._mixed).run()
        return self._ready

    def shrink(self, share: float) -> None:
        """Take this share of each weight off it."""
        self._decay.fill(-share)
        self._program("shrink", self._shrunk).run()

    def _mixed(self) -> None:
        done = 0
        for one in self.weights:
            self._mix(slice(done, one.start), np.float32(0))
            self._mix(one, self._decay)
            done = one.stop
        self._mix(slice(done, self.vector.size), np.float32(0))

    def _mix(self, span: slice, decay: np.float32 | NumberBlank) -> None:
        if span.start < span.stop:
            mix(self.gradient[span], self.vector[span], self._ready[span], self._scale, decay)

    def _shrunk(self) -> None:
        for one in self.weights:
            w = self.vector[one]
            mix(w, w, w, ONE, self._decay)  # not (1 - share) w: of a small share a float32 keeps too little

    def _program(self, name: str, call: Callable[[], object]) -> Program:
        """Return the calls of that name, recorded once."""
        found = self._programs.get(name)
        if found is None:
            found = Program()
            found.add(call)
            self._programs.keep(name, found)
        return found
