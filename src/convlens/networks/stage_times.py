"""Which kernels run a network, and what share of a step each takes on this machine. Must not know files."""

from dataclasses import dataclass

import numpy as np

from convlens.engine import profile
from convlens.networks.network import Network
from convlens.spec import NetworkSpec

__all__ = ["StageShare", "stage_shares"]


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


def stage_shares(
    described: NetworkSpec, batch_size: int, threads: int | None
) -> tuple[int, list[StageShare]]:
    """Measure the stages with random pictures; return how many threads ran them, and the stages.

    Args:
        described: a network that kernels can compute.
        batch_size: pictures of one step.
        threads: how many run; None for all that this process may use.
    """
    network = Network(described, engine="fused")
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (batch_size, *described.input_shape), np.uint8)
    t = rng.integers(0, described.n_classes, batch_size)
    plan = network.compiled(batch_size, threads)
    times, names = profile(plan, x, t), list(network.layers)
    total = sum(time.forward + time.backward for time in times)
    return plan.threads, [
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
