"""How the time of a step grows with batch, filters, picture and data, and how much memory a plan takes.

python bench/growth.py
"""

import os
import time
import tracemalloc
from collections.abc import Callable, Iterable
from math import prod
from statistics import median

import numpy as np
from arguments import names

from convlens import spec
from convlens.networks import Network

ROUNDS = 9


def step_of(described: spec.NetworkSpec, batch: int, n: int = 2048) -> Callable[[], float]:
    """Return a training step without update on `n` random pictures."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (n, *described.input_shape), np.uint8)
    t = rng.integers(0, 10, n)
    network = Network(described)

    def step() -> float:
        return network.loss_and_gradient(x, t, rng.integers(0, n, batch))

    step()
    return step


def milliseconds(steps: list[Callable[[], float]]) -> list[float]:
    """Return the median of each, all taking turns."""
    times: list[list[float]] = [[] for _ in steps]
    for _ in range(ROUNDS):
        for step, kept in zip(steps, times, strict=True):
            start = time.perf_counter()
            repeats = 0
            while time.perf_counter() - start < 0.05:
                step()
                repeats += 1
            kept.append((time.perf_counter() - start) / repeats * 1e3)
    return [median(kept) for kept in times]


def line(work: list[float], times: list[float]) -> tuple[float, float, float]:
    """Return (a, b, d): the line a + b * work, a >= 0, with the least largest relative distance d."""
    best = (0.0, 0.0, 9.0)
    for a in np.linspace(0, min(times), 200):
        slopes = [(t - a) / w for t, w in zip(times, work, strict=True)]
        for b in np.linspace(min(slopes), max(slopes), 200):
            d = max(abs(a + b * w - t) / t for t, w in zip(times, work, strict=True))
            if d < best[2]:
                best = (float(a), float(b), d)
    return best


def table(
    title: str, sizes: Iterable[int], work: Callable[[int], float], make: Callable[[int], Callable[[], float]]
) -> None:
    """Print a line a size: the time, that of one unit of work, and how far both are from a straight line."""
    sizes = list(sizes)
    times, amounts = milliseconds([make(size) for size in sizes]), [work(size) for size in sizes]
    fixed, slope, distance = line(amounts, times)
    print(f"{title}: {fixed:.2f} ms + a share of the work, within {100 * distance:.0f} %")
    for size, ms, amount in zip(sizes, times, amounts, strict=True):
        straight, unit = ms / (fixed + slope * amount), ms / amount / (times[-1] / amounts[-1])
        of_line, of_largest = (
            f"{straight:5.2f} of the line",
            f"{unit:5.2f} of the largest's time for its work",
        )
        print(f"  {size:6}  {ms:8.3f} ms   {of_line}   {of_largest}", flush=True)


def filters(count: int) -> spec.NetworkSpec:
    return spec.simple(conv_param={"filter_num": count})


def picture(side: int) -> spec.NetworkSpec:
    return spec.simple((1, side, side))


def multiply_adds(described: spec.NetworkSpec) -> float:
    return sum(row.multiply_adds for row in described.table)


def memory(described: spec.NetworkSpec, batch: int) -> None:
    """Print what a plan and a step allocate beyond data and parameters, beside one batch's activations."""
    rng = np.random.default_rng(0)
    x, t = rng.integers(0, 256, (batch, *described.input_shape), np.uint8), rng.integers(0, 10, batch)
    Network(described).loss_and_gradient(x, t)  # kernels are compiled
    network = Network(described)
    tracemalloc.start()
    network.loss_and_gradient(x, t)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    values = prod(described.input_shape) + sum(prod(row.output_shape) for row in described.table)
    share = peak / (4 * batch * values)
    print(f"  {described.name}, batch {batch}: {peak / 1e6:.1f} MB, {share:.2f} x the activations")


if __name__ == "__main__":
    names(__doc__)
    print("load", os.getloadavg())
    table(
        "batch (SimpleConvNet)", (16, 32, 64, 128, 256, 512, 1024), float, lambda n: step_of(spec.simple(), n)
    )
    table("filters (SimpleConvNet, batch 100)", (8, 16, 32, 64, 128), lambda n: multiply_adds(filters(n)),
          lambda n: step_of(filters(n), 100))  # fmt: skip
    table("picture (SimpleConvNet, batch 100)", (14, 28, 42, 56, 64), lambda n: multiply_adds(picture(n)),
          lambda n: step_of(picture(n), 100))  # fmt: skip
    table("data (SimpleConvNet, batch 100; one step)", (1000, 4000, 15000, 60000), lambda _: 1.0,
          lambda n: step_of(spec.simple(), 100, n))  # fmt: skip
    print("memory beyond data and parameters")
    for net in (spec.simple(), spec.lenet(), spec.speedrun()):
        memory(net, 100)
