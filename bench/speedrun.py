"""99 % of MNIST's test set from process start: one epoch of all 60,000 images, each seed in a new process.

python bench/speedrun.py [SEEDS]              default: 5 seeds, after one run that warms the cache
python bench/speedrun.py --one SEED           one run in this process
"""

import time

START = time.perf_counter()

import os
import subprocess
import sys
from math import cos, pi
from statistics import mean

from arguments import names

BATCH, PEAK = 128, 0.01


def one_cycle(progress: float) -> float:
    """Return the learning rate: up to the peak in the first fifth, down to almost nothing along a cosine."""
    if progress < 0.2:
        return PEAK * (0.04 + 0.96 * progress / 0.2)
    return PEAK * (0.001 + 0.999 * 0.5 * (1 + cos(pi * (progress - 0.2) / 0.8)))


def train(seed: int) -> None:
    """Train one epoch and print test accuracy, time of training and time from process start."""
    import numpy as np

    from convlens import engine
    from convlens.data import load_mnist
    from convlens.networks import Network
    from convlens.streams import stream
    from networks import speedrun

    (x, t), (x_test, t_test) = load_mnist(normalize=False, flatten=False)
    t = t.astype(np.int64)
    net = Network(speedrun(), seed)
    gradients = [net.own_grads(row) for row in net.spec.outer]
    plan = engine.compile(list(net.layers.values()), net.last_layer, (1, 28, 28), BATCH, None, gradients)
    adam = engine.FusedOptimizer(
        "adam", net.params.vector, net.grads.vector, beta1=0.7, beta2=0.9, form="torch", eps=1e-8
    )
    order = stream(seed, "order", 0).permutation(len(x))
    steps = -(-len(x) // BATCH)
    begin = time.perf_counter()
    for step in range(steps):
        plan.loss_and_gradient(x, t, order[step * BATCH : (step + 1) * BATCH])
        adam.step(one_cycle(step / steps))
    trained = time.perf_counter() - begin
    accuracy = (plan.predict(x_test).argmax(axis=1) == t_test).mean()
    print(f"{100 * accuracy:.2f} {trained:.2f} {time.perf_counter() - START:.2f}")


def main(seeds: int) -> None:
    """Run each seed in a new process and print a table."""
    rows = []
    for seed in [0, *range(seeds)]:
        begin = time.perf_counter()
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(seed)], capture_output=True, text=True, check=True
        )
        accuracy, trained, inside = map(float, done.stdout.split())
        rows.append((seed, accuracy, trained, inside, time.perf_counter() - begin))
    print("load", os.getloadavg())
    for seed, accuracy, trained, _, process in rows[1:]:
        print(f"seed {seed}: {accuracy:.2f} %, training {trained:.2f} s, whole process {process:.2f} s")
    columns = [mean(column) for column in zip(*rows[1:], strict=True)]
    print(f"mean:   {columns[1]:.2f} %, training {columns[2]:.2f} s, whole process {columns[4]:.2f} s")


if __name__ == "__main__":
    if "--one" in sys.argv:
        train(int(sys.argv[-1]))
    else:
        main(int(names(__doc__, "SEEDS", ["5"])[0]))
