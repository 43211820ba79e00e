"""Where a plan's time goes, stage by stage. Must not know files or training."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from numpy.typing import NDArray

from convlens.arguments import Count, as_annotated
from convlens.engine.plan import Plan
from convlens.engine.program import Program
from convlens.engine.stage import Stage, StageRow
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
    state = [getattr(layer, key) for layer in plan.layers for key in getattr(layer, "untrained", ())]
    before = [array.copy() for array in state]
    plan.loss_and_gradient(x, t)
    pieces = plan.pieces(len(x))
    n, whole = pieces[-1].stop - pieces[-1].start, len(pieces) == 1
    scale = len(x) / n
    with plan.turn, region(plan.thread_choice.threads(len(x), "step")):
        for stage in plan.stages:
            _prepared(stage, partial(stage.forward, n, True)).run()
        times = [
            StageTime(
                stage.describe(),
                scale * _least(_prepared(stage, partial(stage.forward, n, True, whole)), rounds),
                scale * _least(_prepared(stage, partial(stage.backward, n, whole, whole)), rounds),
            )
            for stage in plan.stages
        ]
    for array, kept in zip(state, before, strict=True):  # what was timed was no training
        array[...] = kept
    return times


def _prepared(stage: Stage, call: Callable[[], None]) -> Program:
    """Return a call of a stage's, prepared as a plan does."""
    program = Program()
    program.add(call, stage.in_python)
    return program


def _least(program: Program, rounds: int) -> float:
    """Return the milliseconds of the fastest of several runs."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        program.run()
        times.append(time.perf_counter() - start)
    return min(times) * 1e3
