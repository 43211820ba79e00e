"""A moving average of a network's parameters. Must not know who evaluates it, nor the loop.

a ← d · a + (1 - d) · p after each update, with d = min(decay, t / (t + 10)) after t earlier ones: the first
weights, which say nothing, are soon forgotten. What layers keep beside what is trained, such as running
statistics, is averaged as the rest is: it belongs to the weights of its moment.

Reference: Polyak, Juditsky, "Acceleration of stochastic approximation by averaging", 1992.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from convlens._typing import Array
from convlens.errors import UsageError, shown
from convlens.training.resuming import copies, under

if TYPE_CHECKING:
    from convlens.engine.averaging import FusedAverage

__all__ = ["Average"]

_FORGETS = 10  # updates until half of the first weights' share is forgotten, about


class Average:
    """The average of some arrays, which can take their place and give it back.

    Args:
        decay: the most of itself that it keeps at an update, 0 or more and below 1; 0 for no average.
        arrays: what is averaged, by name: arrays that stay the same.
        with_kernels: let a kernel compute it, where all is one float32 vector.
        threads: how many the kernel uses; None for as many as are fastest.

    Attributes:
        is_shown: the arrays hold the average, and it holds what they would.

    Raises:
        UsageError: one of the parameters is no array.
    """

    def __init__(
        self, decay: float, arrays: Mapping[str, Any], with_kernels: bool, threads: int | None
    ) -> None:
        self.decay, self.is_shown, self._has_followed = decay, False, False
        self._arrays: dict[str, Array] = dict(arrays) if decay else {}
        for name, value in self._arrays.items():
            if not isinstance(value, np.ndarray):
                rule = "needs parameters that are arrays"
                raise UsageError(f"`ema` of Trainer {rule}. Got {shown(value)} as `{name}`.")
        self._kept = {name: np.zeros_like(value) for name, value in self._arrays.items()}
        self._fused: FusedAverage | None = None
        if with_kernels and [str(one.dtype) for one in self._kept.values()] == ["float32"]:
            from convlens.engine import averaging  # noqa: PLC0415 (Numba: half a second)

            (average,), (vector,) = self._kept.values(), self._arrays.values()
            self._fused = averaging.FusedAverage(average, vector, threads)

    def follow(self, step: int) -> None:
        """Take in the arrays as they are after update number `step`, from 0."""
        share = min(self.decay, step / (step + _FORGETS))
        self._has_followed = True
        if self._fused is not None:
            self._fused.follow(share)
            return
        for name, value in self._arrays.items():
            self._kept[name] *= share
            self._kept[name] += (1 - share) * value

    def swap(self) -> bool:
        """Let the average and the arrays change places; say whether they did: at first there is none."""
        if not self._has_followed:
            return False
        self.is_shown = not self.is_shown
        for name, kept in self._kept.items():
            own = self._arrays[name].copy()
            self._arrays[name][...] = kept
            kept[...] = own
        return True

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Let the arrays hold what is trained within the block."""
        was_shown = self.is_shown
        if was_shown:
            self.swap()
        try:
            yield
        finally:
            if was_shown:
                self.swap()

    def state(self) -> dict[str, Array]:
        """Return copies of the average by "average.name"; nothing where none is made."""
        return copies("average", self._kept)

    def load_state(self, state: Mapping[str, Array], steps: int) -> None:
        """Go on from what `state` returned after so many updates."""
        for name, value in under("average", dict(state)).items():
            self._kept[name][...] = value
        self._has_followed = bool(self._kept) and steps > 0
