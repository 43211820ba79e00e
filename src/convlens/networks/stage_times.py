"""Which kernels run a network, and what share of a step each takes on this machine. Must not know files."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from convlens._typing import Array, IntArray
from convlens.engine import Plan, profile
from convlens.networks.network import Network
from convlens.spec import NetworkSpec

__all__ = ["Measured", "StageShare", "stage_shares"]

_TRIES = 100
"""Steps after which the fastest number of threads is known, if it is not known before."""


@dataclass(frozen=True)
class StageShare:
    """One stage of the compiled network, as measured.

    Attributes:
        layers: the names of the layers that it runs, joined by " + ".
        kernel, tile: what runs it.
        multiply_adds: of one picture.
        forward_ms, backward_ms: milliseconds of one batch.
        share: of the time of all stages, 0 to 1.
    """

    layers: str
    kernel: str
    tile: str
    multiply_adds: int
    forward_ms: float
    backward_ms: float
    share: float


class Measured(NamedTuple):
    """A compiled network, as measured.

    Attributes:
        threads: how many ran it.
        step_ms: milliseconds of one step without the update, by number of threads, of those that were tried
            (by this process, or one before it); empty where there was nothing to choose.
        stages: in their order.
    """

    threads: int
    step_ms: dict[int, float]
    stages: list[StageShare]


def stage_shares(described: NetworkSpec, batch_size: int, threads: int | None) -> Measured:
    """Measure the stages with random pictures, and how many threads are fastest.

    Args:
        described: a network that kernels can compute.
        batch_size: pictures of one step.
        threads: how many run; None for those on which it is fastest.
    """
    network = Network(described, engine="fused")
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (batch_size, *described.input_shape), np.uint8)
    t = rng.integers(0, described.n_classes, batch_size)
    plan = network.compiled(batch_size, threads)
    step_ms = {} if threads else _tried(plan, x, t)
    times, names = profile(plan, x, t), [row.name for row in described.table]
    total = sum(time.forward + time.backward for time in times)
    stages = [
        StageShare(
            " + ".join(names[number] for number in time.row.layers) or "flatten",
            time.row.kernel,
            time.row.tile,
            time.row.multiply_adds,
            round(time.forward, 4),
            round(time.backward, 4),
            round((time.forward + time.backward) / total, 4),
        )
        for time in times
    ]
    return Measured(plan.thread_choice.threads(batch_size, "step"), step_ms, stages)


def _tried(plan: Plan, x: Array, t: IntArray) -> dict[int, float]:
    """Do steps until the fastest number of threads is known; return milliseconds by number, most first."""
    trial = plan.thread_choice.trial(len(x), "step")
    for _ in range(_TRIES):
        if trial.settled:
            break
        plan.loss_and_gradient(x, t)
    times = sorted(trial.times.items(), reverse=True)
    return {number: round(seconds * len(x) * 1e3, 4) for number, seconds in times}
