"""What augmentation adds to a training step, with and without alternating in one run.

python bench/augment.py [NETWORK ...] [--batch N] [--threads N]        default: lenet simple, batch 100

"Transforms" is all of them but the mirror; an epoch of 60,000 images has its rows drawn anew, and their share
of a step is in it. Of each kind of round the least time counts: what else runs on the machine only adds.
"""

import argparse
import time

from convlens import Trainer
from convlens.data import TRANSFORMS, load_mnist
from convlens.data.augmentation import drawn_rows, strengths
from convlens.networks import Network
from networks import SPECS

ROUNDS, STEPS, KINDS = 60, 20, {"none": None, "shift": ["shift"], "transforms": list(TRANSFORMS)[:-1]}


def trainer(name: str, batch: int, threads: int | None, augment: list[str] | None) -> Trainer:
    """Return a Trainer on MNIST's bytes."""
    (x, t), (x_test, t_test) = load_mnist(normalize=False, flatten=False)
    return Trainer(
        Network(SPECS[name](), seed=0), x, t, x_test[:100], t_test[:100], 10_000, batch,
        "adam", {"lr": 0.001}, 100, verbose=False, threads=threads, augment=augment,
    )  # fmt: skip


def seconds(one: Trainer) -> float:
    """Return the time of one step as `train` does it, the mean of some."""
    with one._alone():  # noqa: SLF001
        start = time.perf_counter()
        for _ in range(STEPS):
            one._step()  # noqa: SLF001
        return (time.perf_counter() - start) / STEPS


def drawing(augment: list[str] | None, images: int = 60_000) -> float:
    """Return the seconds in which an epoch's rows are drawn."""
    found, times = strengths(augment, "a benchmark"), []
    for _ in range(5 if found else 0):
        start = time.perf_counter()
        drawn_rows(found, 0, 0, images, (28, 28))
        times.append(time.perf_counter() - start)
    return min(times, default=0.0)


def measure(name: str, batch: int, threads: int | None) -> None:
    """Print the least time of a step of each kind, and its ratio to a step without."""
    trainers = {kind: trainer(name, batch, threads, augment) for kind, augment in KINDS.items()}
    least = dict.fromkeys(KINDS, float("inf"))
    for one in trainers.values():
        seconds(one)
    for _ in range(ROUNDS):
        for kind, one in trainers.items():
            least[kind] = min(least[kind], seconds(one))
    for kind, augment in KINDS.items():
        step = least[kind] + drawing(augment) * batch / 60_000
        print(f"{name:8} batch {batch:4}  {kind:11} {step * 1e3:7.3f} ms  ratio {step / least['none']:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("network", nargs="*", default=["lenet", "simple"])
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--threads", type=int)
    given = parser.parse_args()
    for network in given.network:
        measure(network, given.batch, given.threads)
