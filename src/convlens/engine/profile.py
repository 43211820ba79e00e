"""Where a plan's time goes, stage by stage. Must not know files or training."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from convlens.arguments import Count, as_annotated
from convlens.engine.plan import Plan
from convlens.engine.stage import StageRow
from convlens.kernels.runtime.threads import region

__all__ = ["StageTime", "profile"]


@dataclass(frozen=True)
class StageTime:
    """One stage, as measured.

    Attributes:
        row: what the stage is.
        forward, backward: milliseconds of one batch, the least of several.
    """

    row: StageRow
    forward: float
    backward: float


@as_annotated
def profile(plan: Plan, x: NDArray[Any], t: NDArray[Any], rounds: Count = 20) -> list[StageTime]:
    """Run each stage by itself, on what a step with this batch has left in the buffers.

    Of a batch that goes through in pieces the last one is timed, and its time multiplied.

    Args:
        plan: with a loss.
        x: pictures, at most the plan's capacity.
        t: their class numbers.
        rounds: how often each stage is timed.
    """
    plan.loss_and_gradient(x, t)
    pieces = plan.pieces(len(x))
    n, whole = pieces[-1].stop - pieces[-1].start, len(pieces) == 1
    scale = len(x) / n
    with plan.turn, region(plan.thread_choice.threads(len(x), "step")):
        for stage in plan.stages:
            stage.forward(n, train=True)
        return [
            StageTime(
                stage.describe(),
                scale * _least(lambda stage=stage: stage.forward(n, True, whole), rounds),  # type: ignore[misc]
                scale * _least(lambda stage=stage: stage.backward(n, whole, whole), rounds),  # type: ignore[misc]
            )
            for stage in plan.stages
        ]


def _least(call: Callable[[], None], rounds: int) -> float:
    """Return the milliseconds of the fastest of several calls."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3
