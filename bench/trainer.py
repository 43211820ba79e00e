"""What the Trainer costs beside the kernels, and a hand-written LeNet beside ours, alternating in one run.

python bench/trainer.py
"""

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from unittest.mock import patch

import numpy as np
from arguments import names

from convlens import LeNet, SimpleConvNet, Trainer
from convlens.data import load_mnist
from convlens.training import Adam
from convlens.training.fused_update import FusedUpdate

(x, t), (x_test, t_test) = load_mnist(flatten=False)  # floats: a class of one's own takes bytes as they are
BATCH, STEPS, ROUNDS = 100, 50, 25
WRITTEN = "the report's LeNet class, Trainer"


def trainer(network: object) -> Trainer:
    return Trainer(
        network, x, t, x_test[:100], t_test[:100], 10_000, BATCH,
        "adam", {"lr": 0.001}, 100, verbose=False,
    )  # fmt: skip


def kernels(network: SimpleConvNet | LeNet) -> Callable[[], None]:
    """Return a step without Trainer: gather, forward, backward and update by the kernels."""
    plan, labels = network.compiled(BATCH), t.astype(np.int64)
    update, adam = FusedUpdate(network.params.vector, network.grads.vector, None), Adam()
    rng = np.random.default_rng(0)
    order = rng.permutation(len(x))
    place = [0]

    def step() -> None:
        start = place[0] % (len(x) - BATCH)
        place[0] += BATCH
        plan.loss_and_gradient(x, labels, order[start : start + BATCH])
        update.update(adam)

    return step


def written_lenet() -> object:
    """Return the report's own LeNet class, from the example, without running the example's training."""
    path = Path(__file__).parent.parent / "examples" / "lenet.py"
    example = importlib.util.spec_from_file_location("example", path)
    module = importlib.util.module_from_spec(example)
    with patch("convlens.book.Trainer"):
        example.loader.exec_module(module)
    np.random.seed(0)  # noqa: NPY002 (the report's class draws from the global stream)
    return module.LeNet()


def seconds(step: Callable[[], None]) -> float:
    start = time.perf_counter()
    for _ in range(STEPS):
        step()
    return (time.perf_counter() - start) / STEPS


def main() -> None:
    names(__doc__)
    cases = {
        "SimpleConvNet, kernels": kernels(SimpleConvNet()),
        "SimpleConvNet, Trainer": trainer(SimpleConvNet()).train_step,
        "LeNet, kernels": kernels(LeNet()),
        "LeNet, Trainer": trainer(LeNet()).train_step,
        WRITTEN: trainer(written_lenet()).train_step,
    }
    for step in cases.values():
        seconds(step)
    times = {name: [] for name in cases}
    for _ in range(ROUNDS):
        for name, step in cases.items():
            times[name].append(seconds(step) * 1e3)
    middle = {name: median(values) for name, values in times.items()}
    for name, value in middle.items():
        print(f"{name:36} median {value:.3f} ms a step, min {min(times[name]):.3f}")
    for net in ("SimpleConvNet", "LeNet"):
        print(f"{net}: the Trainer adds {middle[f'{net}, Trainer'] / middle[f'{net}, kernels'] - 1:.1%}")
    ratio = middle[WRITTEN] / middle["LeNet, Trainer"]
    print(f"the report's class / LeNet(): {ratio:.2f}")


if __name__ == "__main__":
    main()
