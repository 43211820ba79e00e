"""How fast a network trains on this machine, kernels and readable layers in turn. Must not know files."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
from threadpoolctl import threadpool_limits

from convlens._typing import Array, IntArray
from convlens.arguments import Count, as_annotated
from convlens.interrupts import heed
from convlens.layers import Batch
from convlens.networks import Network
from convlens.spec import NetworkSpec
from convlens.training.learner import NetworkLearner
from convlens.training.optimizers import Adam

__all__ = ["StepTimes", "step_times"]

_WARM_UP_STEPS = 20  # on random labels; enough for the first layer to have its usual share of zeros


@dataclass(frozen=True)
class StepTimes:
    """Milliseconds of one training step with Adam: medians of rounds in which all take turns.

    Attributes:
        fused: with the kernels.
        layers: with the readable layers (their matrix products on one thread).
        gigaflops: of the fused step, in dense multiply-adds; a backward pass counts two forward passes,
            the first layer's one.
        sgemm_gigaflops: of NumPy's float32 matrix product, 1024 x 1024, on all its threads, after the rounds.
    """

    fused: float
    layers: float
    gigaflops: float
    sgemm_gigaflops: float


@as_annotated
def step_times(spec: NetworkSpec, batch_size: Count, threads: int | None, rounds: Count = 15) -> StepTimes:
    """Measure one network with random pictures.

    Args:
        spec: of float32.
        batch_size: pictures of one step.
        threads: how many the kernels use; None for as many as are fastest.
        rounds: how often each takes its turn.
    """
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (4 * batch_size, *spec.input_shape), np.uint8)
    t = rng.integers(0, spec.n_classes, len(x))
    index = rng.permutation(len(x))[:batch_size]
    square = rng.standard_normal((1024, 1024), np.float32)
    fused = _step(Network(spec, engine="fused"), threads, x, t, index)
    with threadpool_limits(1, "blas"):
        layers = _step(Network(spec, engine="layers"), threads, x, t, index)
    for _ in range(_WARM_UP_STEPS):
        fused()
    # Workers of BLAS spin for a while after a product and would slow the kernels: so on one thread.
    with threadpool_limits(1, "blas"):
        times = [(_time(fused, 20), _time(layers, 1)) for _ in range(rounds)]
    medians = [median(column) for column in zip(*times, strict=True)]
    sgemm = median(_time(lambda: square @ square, 1) for _ in range(rounds))
    flops = 2 * batch_size * sum(row.multiply_adds * (3 if i else 2) for i, row in enumerate(spec.table))
    return StepTimes(medians[0], medians[1], flops / medians[0] / 1e6, 2 * 1024**3 / sgemm / 1e6)


def _step(
    network: Network, threads: int | None, x: Array, t: IntArray, index: IntArray
) -> Callable[[], None]:
    learner, optimizer, batch = NetworkLearner(network, threads), Adam(), Batch(x, t, index)

    def step() -> None:
        learner.loss_and_gradient(batch)
        learner.update(optimizer)

    step()
    return step


def _time(call: Callable[[], object], repeats: int) -> float:
    """Return the milliseconds of one call."""
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    heed()
    return (time.perf_counter() - start) / repeats * 1e3
