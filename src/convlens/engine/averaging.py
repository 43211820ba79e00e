"""A moving average of a flat vector, each step one kernel. Must not know networks, nor who sets the pace."""

import numpy as np
from numpy.typing import NDArray

from convlens.engine.program import Program, Programs
from convlens.engine.thread_choice import NUMBERS_A_THREAD, ThreadChoice
from convlens.kernels.mixing import mix
from convlens.kernels.runtime.tapes import NumberBlank

__all__ = ["FusedAverage"]

Numbers = NDArray[np.float32]


class FusedAverage:
    """Lets one flat float32 vector follow another.

    Args:
        average: what follows, in place.
        vector: what it follows.
        threads: how many run; None: as many as are fastest. The results do not depend on it.
    """

    def __init__(self, average: Numbers, vector: Numbers, threads: int | None = None) -> None:
        self.average, self.vector = average, vector
        self._kept, self._fresh = NumberBlank(np.float32), NumberBlank(np.float32)
        self._thread_choice = ThreadChoice(threads, f"average {vector.size}", vector.size, NUMBERS_A_THREAD)
        self._programs: Programs[Program] = Programs()

    def follow(self, decay: float) -> None:
        """average = decay · average + (1 - decay) · vector."""
        kept = float(np.float32(decay))
        self._kept.fill(kept)
        self._fresh.fill(1 - kept)  # the two add up to 1: an average of equal numbers is theirs
        with self._thread_choice.running(1, "update"):
            self._prepared().run()

    def _prepared(self) -> Program:
        """Return the kernel's call, recorded once."""
        found = self._programs.get("follow")
        if found is None:
            found = Program()
            average, vector = self.average, self.vector
            found.add(lambda: mix(average, vector, average, self._kept, self._fresh))
            self._programs.keep("follow", found)
        return found
