"""The same bits for any number of threads, from run to run and between processes."""

import hashlib
import os
import subprocess
import sys

import pytest

PROGRAM = """
import hashlib, sys
import numpy as np
from convlens import engine, spec
from convlens.networks import Network

def wide():  # with Winograd's transforms on odd and even sides, filters too many for private sums, and groups
    layers = []
    for filters, pooled in ((16, False), (32, True), (64, False), (64, True)):
        layers += [spec.Convolution(filters, 3, pad=1), spec.Relu()] + [spec.Pooling(2)] * pooled
    layers += [spec.Convolution(64, 3, stride, 1, groups=64) for stride in (1, 2)]
    layers += [spec.Residual((spec.Convolution(64, 3, pad=1),), (spec.Convolution(64, 1),)), spec.Relu()]
    return spec.NetworkSpec("wide", (1, 13, 13), (*layers, spec.Affine(10)), weight_init_std="he")

def bits(threads):
    net = Network(wide() if sys.argv[1] == "wide" else spec.named_network(sys.argv[1]), seed=0)
    gradients, shape = [net.own_grads(row) for row in net.spec.outer], net.spec.input_shape
    plan = engine.compile(list(net.layers.values()), net.last_layer, shape, 50, threads, gradients)
    adam = engine.FusedOptimizer("adam", net.params.vector, net.grads.vector, threads)
    rng = np.random.default_rng(0)
    x, t = rng.integers(0, 256, (200, *shape), np.uint8), rng.integers(0, 10, 200)
    for _ in range(20):
        plan.loss_and_gradient(x, t, rng.integers(0, 200, rng.integers(1, 51)))
        adam.step(0.001)
    return hashlib.sha256(net.params.vector.tobytes() + plan.predict(x).tobytes()).hexdigest()

print(*(bits(int(threads)) for threads in sys.argv[2:]))
"""


def run(*arguments, **environment):
    """Run a program in a fresh process; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", *arguments],
        capture_output=True, text=True, check=False, env=os.environ | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["simple", "lenet", "wide"])
def test_bits_do_not_depend_on_threads(name):
    """20 steps of ragged batches on 1 to 64 threads, and again on 2, leave the same bits."""
    counts = ("1", "2", "3", "8", "64", "2")
    bits = run(PROGRAM, name, *counts, NUMBA_NUM_THREADS="64").split()
    assert bits == [bits[0]] * len(counts)


@pytest.mark.slow
def test_bits_do_not_depend_on_the_threading_layer():
    """Numba's workqueue and OpenMP give what our pool gives."""
    layers = {
        run(PROGRAM, "lenet", "2", NUMBA_THREADING_LAYER=name, NUMBA_NUM_THREADS="2")
        for name in ("default", "omp", "workqueue")
    }
    assert len(layers) == 1


def test_bits_do_not_depend_on_the_run():
    """Twice in one process; between processes is what the test above shows."""
    first, second = run(PROGRAM, "lenet", "1", "1").split()
    assert first == second
    assert len(first) == len(hashlib.sha256().hexdigest())
