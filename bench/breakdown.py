"""Where a training step's time goes: every stage's forward and backward on its own, after some real steps.

python bench/breakdown.py [NETWORK ...] [--batch N] [--threads N]
"""

import argparse
import time
from collections.abc import Callable

import numpy as np

from convlens import engine
from convlens.data import load_mnist
from convlens.networks import Network
from networks import SPECS

ROUNDS = 300


def best(function: Callable[[], object], repeats: int = 8, rounds: int = 40) -> float:
    """Return the least time of one call in ms."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(repeats):
            function()
        times.append((time.perf_counter() - start) / repeats * 1e3)
    return min(times)


def breakdown(name: str, batch: int, threads: int | None) -> None:
    """Print a line for each stage of one network."""
    (x, t), _ = load_mnist(normalize=False, flatten=False)
    t = t.astype(np.int64)
    net = Network(SPECS[name](), seed=0)
    channels, height, width = shape = net.spec.input_shape
    edge = (height - 28) // 2, (width - 28) // 2
    x = np.pad(x.repeat(channels, axis=1), ((0, 0), (0, 0), (edge[0], edge[0]), (edge[1], edge[1])))
    gradients = [net.own_grads(row) for row in net.spec.outer]
    plan = engine.compile(list(net.layers.values()), net.last_layer, shape, batch, threads, gradients)
    adam = engine.FusedOptimizer("adam", net.trained_params.vector, net.grads.vector, threads)
    rng = np.random.default_rng(0)
    for _ in range(60):
        plan.loss_and_gradient(x, t, rng.integers(0, len(x), batch))
        adam.step(0.001)
    index = rng.integers(0, len(x), batch)
    print(f"{name}, batch {batch}, {plan.threads} threads")
    total = 0.0
    for time_ in engine.profile(plan, x[index], t[index], ROUNDS):
        row, total = time_.row, total + time_.forward + time_.backward
        dx = bool(row.layers) and row.layers[0] > 0
        work = 2e-6 * batch * row.multiply_adds
        rates = work / time_.forward, (1 + dx) * work / time_.backward
        print(
            f"  {row.kernel:58} {time_.forward:.3f} {time_.backward:.3f} ms "
            f" {rates[0]:4.0f} {rates[1]:4.0f} GFLOP/s  {row.tile}"
        )
    update = best(lambda: adam.step(0.0))
    step = best(lambda: plan.loss_and_gradient(x, t, index))
    print(f"  stages {total:.3f}, loss and gradient {step:.3f}, Adam {update:.3f} ms", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", default=["simple", "lenet", "deep"])
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    for network in arguments.networks:
        breakdown(network, arguments.batch, arguments.threads)
