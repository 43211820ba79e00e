"""What weight decay, clipping and an average of the weights add to a training step, alternating in one run.

python bench/taming.py [NETWORK ...]        default: lenet simple, batch 100

Of each kind of round the least time counts: what else runs on the machine only adds.
"""

import time
from typing import Any

from arguments import names

from convlens import Trainer
from convlens.data import load_mnist
from convlens.networks import Network
from networks import SPECS

ROUNDS, STEPS, BATCH = 60, 20, 100
KINDS: dict[str, dict[str, Any]] = {
    "adam": {},
    "decay": {"weight_decay": 0.01},
    "adamw": {"optimizer": "adamw"},
    "clip": {"clip_norm": 0.1},
    "ema": {"ema": 0.999},
    "all": {"optimizer": "adamw", "clip_norm": 0.1, "ema": 0.999},
}


def trainer(name: str, kind: str) -> Trainer:
    """Return a Trainer on MNIST's bytes."""
    (x, t), (x_test, t_test) = load_mnist(normalize=False, flatten=False)
    more = {"optimizer": "adam", **KINDS[kind]}
    return Trainer(
        Network(SPECS[name](), seed=0), x, t, x_test[:100], t_test[:100], 10_000, BATCH,
        optimizer_param={"lr": 0.001}, evaluate_sample_num_per_epoch=100, verbose=False, **more,
    )  # fmt: skip


def seconds(one: Trainer) -> float:
    """Return the time of one step as `train` does it, the mean of some."""
    with one._alone():  # noqa: SLF001
        start = time.perf_counter()
        for _ in range(STEPS):
            one._step()  # noqa: SLF001
        return (time.perf_counter() - start) / STEPS


def measure(name: str) -> None:
    """Print the least time of a step of each kind, and its ratio to a step of Adam alone."""
    trainers = {kind: trainer(name, kind) for kind in KINDS}
    least = dict.fromkeys(KINDS, float("inf"))
    for one in trainers.values():
        seconds(one)
    for _ in range(ROUNDS):
        for kind, one in trainers.items():
            least[kind] = min(least[kind], seconds(one))
    for kind, found in least.items():
        print(f"{name:8} {kind:6} {found * 1e3:7.3f} ms  ratio {found / least['adam']:.3f}", flush=True)


if __name__ == "__main__":
    for network in names(__doc__, "NETWORK", ("lenet", "simple"), SPECS):
        measure(network)
