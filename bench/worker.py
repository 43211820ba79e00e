"""One backend in a process of its own, driven by compare.py: reads a number of steps, prints ms a step.

python bench/worker.py BACKEND NETWORK BATCH THREADS, BACKEND one of ours, eager, channels_last, compiled

THREADS 0 is for ours: as many as it chooses.
"""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

backend, network_name, batch, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
if threads:
    os.environ.update(OMP_NUM_THREADS=str(threads))

import numpy as np

from convlens.data import load_mnist
from networks import SPECS, torch_network

(x, t), _ = load_mnist(normalize=False, flatten=False)
t = t.astype(np.int64)
channels, height, width = SPECS[network_name]().input_shape
wider = (height - 28) // 2
x = np.pad(x.repeat(channels, axis=1), ((0, 0), (0, 0), (wider, wider), (wider, wider)))


def ours() -> Callable[[Any], Any]:
    from convlens import engine
    from convlens.networks import Network

    net = Network(SPECS[network_name](), seed=0)
    gradients = [net.own_grads(row) for row in net.spec.outer]
    layers = list(net.layers.values())
    plan = engine.compile(layers, net.last_layer, net.spec.input_shape, batch, threads or None, gradients)
    adam = engine.FusedOptimizer("adam", net.trained_params.vector, net.grads.vector, threads or None)

    def step(index: Any) -> float:
        loss = plan.loss_and_gradient(x, t, index)
        adam.step(0.001)
        return loss

    return step


def pytorch() -> Callable[[Any], Any]:
    import torch
    from torch.nn.functional import cross_entropy

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    pictures = torch.from_numpy(x).float() / 255
    labels = torch.from_numpy(t)
    net = torch_network(network_name)
    if backend == "channels_last":
        net = net.to(memory_format=torch.channels_last)
        pictures = pictures.to(memory_format=torch.channels_last)
    adam = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)
    function = torch.compile(net) if backend == "compiled" else net

    def step(index: Any) -> Any:
        index = torch.from_numpy(index)
        adam.zero_grad(set_to_none=True)
        loss = cross_entropy(function(pictures[index]), labels[index])
        loss.backward()
        adam.step()
        return loss

    return step


def batches(count: int) -> list[Any]:
    """Return the numbers of the pictures of some batches."""
    return [rng.integers(0, len(x), batch) for _ in range(count)]


def serve() -> None:
    """Do as many steps as each line says, and print the ms of one."""
    for index in batches(10):
        last = step(index)
    float(last)
    print("ready", flush=True)
    for line in sys.stdin:
        drawn = batches(int(line))
        start = time.perf_counter()
        for index in drawn:
            last = step(index)
        float(last)  # waits for what is still under way
        print((time.perf_counter() - start) / len(drawn) * 1e3, flush=True)


step = ours() if backend == "ours" else pytorch()
rng = np.random.default_rng(0)
if __name__ == "__main__":
    serve()
