"""Inference of convlens, PyTorch and onnxruntime, alternating in one run.

python bench/inference.py [NETWORK ...]       backends that are not installed are left out

Each backend has a process of its own, and its turn begins with runs that are not timed: threads that have
slept wake up, caches fill again. Before a turn the machine must be idle: the backend before still spins.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from arguments import names
from compare import wait_until_idle

from convlens import engine
from convlens.networks import Network
from networks import SPECS, onnx_network, torch_network


def ours(name: str, x: Any) -> Callable[[], Any]:
    """Our plan, with parameters that do not change, as in the others."""
    net = Network(SPECS[name](), seed=0)
    plan = engine.compile(list(net.layers.values()), None, net.spec.input_shape, len(x), frozen=True)
    return lambda: plan.predict(x)


def pytorch(name: str, x: Any) -> Callable[[], Any]:
    """PyTorch, eager, inference mode."""
    import torch

    torch.set_num_threads(2)
    net, pictures = torch_network(name).eval(), torch.from_numpy(x)

    def run() -> Any:
        with torch.inference_mode():
            return net(pictures).numpy()

    return run


def onnxruntime(name: str, x: Any) -> Callable[[], Any]:
    """Onnxruntime with its defaults."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 2
    session = ort.InferenceSession(onnx_network(name), options, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"pictures": x})


WARM, TIMED = 0.01, 0.03  # seconds
BACKENDS = {"ours": ours, "pytorch": pytorch, "onnxruntime": onnxruntime}


def work(backend: str, name: str, batch: int) -> None:
    """Be one backend: for each line of input run it for some milliseconds and print ms a run."""
    x = np.random.default_rng(0).random((batch, *SPECS[name]().input_shape), np.float32)
    run = BACKENDS[backend](name, x)
    for _ in range(30):
        run()
    print("ready", flush=True)
    for _ in sys.stdin:
        turns(run, WARM)
        seconds, runs = turns(run, TIMED)
        print(seconds / runs * 1e3, flush=True)


def turns(run: Callable[[], Any], seconds: float) -> tuple[float, int]:
    """Run again and again for so long; return the time it took and how often."""
    start, runs = time.perf_counter(), 0
    while (passed := time.perf_counter() - start) < seconds:
        for _ in range(10):
            run()
        runs += 10
    return passed, runs


def measure(name: str, batch: int) -> None:
    """Alternate the backends, each in its own process, and print a line for each."""
    workers, times = {}, {}
    for backend in BACKENDS:
        command = [sys.executable, __file__, "--work", backend, name, str(batch)]
        pipe = subprocess.PIPE
        worker = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
        if worker.stdout and worker.stdout.readline().strip() == "ready":
            workers[backend], times[backend] = worker, []
    for _ in range(25):
        for backend, worker in workers.items():
            assert worker.stdin
            assert worker.stdout
            wait_until_idle()
            worker.stdin.write("go\n")
            worker.stdin.flush()
            times[backend].append(float(worker.stdout.readline()))
    for backend, series in times.items():
        print(f"{name:8} batch {batch:4} {backend:12} min {min(series):.4f}  median {median(series):.4f} ms")
    for worker in workers.values():
        assert worker.stdin
        worker.stdin.close()
        worker.wait()


if __name__ == "__main__":
    if "--work" in sys.argv:
        work(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        for network in names(__doc__, "NETWORK", ("simple", "lenet"), SPECS):
            for size in (1, 32, 256):
                measure(network, size)
