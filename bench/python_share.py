"""Python's share of a training step: the same steps with and without the kernels in them.

python bench/python_share.py [NETWORK ...] [--batch N] [--threads N]        default: simple lenet, batch 100

Everything that a step does in Python is done in both (the Trainer's loop with its batch, schedule and checks;
the plan; the optimizer), and the tapes are run; in the second case they are empty. What is left is Python's
time. The rounds alternate, and of each the least counts.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from convlens import Trainer
from convlens.data import load_mnist
from convlens.kernels.runtime import tapes
from convlens.networks import Network
from networks import SPECS

ROUNDS, STEPS = 60, 20


@contextmanager
def without_kernels() -> Iterator[None]:
    """Run an empty tape in the place of each."""
    replay, empty = tapes.replay, tapes.Tape().close()
    with patch.object(tapes, "replay", lambda _: replay(empty._address)):  # noqa: SLF001
        yield


def seconds(trainer: Trainer) -> float:
    """Return the time of one step as `train` does it, the mean of some."""
    with trainer._alone():  # noqa: SLF001
        start = time.perf_counter()
        for _ in range(STEPS):
            trainer._step()  # noqa: SLF001
        return (time.perf_counter() - start) / STEPS


def measure(name: str, batch: int, threads: int | None) -> tuple[float, float]:
    """Return the least time of a step with and without kernels."""
    (x, t), (x_test, t_test) = load_mnist(normalize=False, flatten=False)
    network = Network(SPECS[name](), seed=0)
    trainer = Trainer(
        network, x, t, x_test[:100], t_test[:100], 10_000, batch,
        "adam", {"lr": 0.001}, 100, verbose=False, threads=threads,
    )  # fmt: skip
    seconds(trainer)
    whole, python = [], []
    for _ in range(ROUNDS):
        whole.append(seconds(trainer))
        with without_kernels():
            python.append(seconds(trainer))
    return min(whole), min(python)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", default=["simple", "lenet"])
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    for network in arguments.networks:
        step, python = measure(network, arguments.batch, arguments.threads)
        share = f"Python {python * 1e6:.1f} µs: {python / step:.1%}"
        print(f"{network}: a step {step * 1e3:.3f} ms, of that {share}", flush=True)
