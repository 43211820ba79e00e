"""Programs that run the engine in a process of their own."""

import os
import subprocess
import sys

__all__ = ["LOSS", "STEP", "run"]

STEP = """
import numpy as np
from convlens import engine
from convlens.layers import Affine, SoftmaxWithLoss
from convlens.kernels.runtime.machine import facts

def step():
    layers = [Affine(np.ones((100, 100), np.float32), np.zeros(100, np.float32))]
    plan = engine.compile(layers, SoftmaxWithLoss(), (100,), 50)
    return plan.loss_and_gradient(np.ones((50, 100), np.float32), np.zeros(50, np.int64))
"""

LOSS = 4.60517
"""What `step` returns: the logarithm of 100."""


def run(program, **environment):
    """Run a program, which may call `step`; return what it printed."""
    usual = {name: value for name, value in os.environ.items() if name != "NUMBA_THREADING_LAYER"}
    done = subprocess.run(
        [sys.executable, "-c", STEP + program],
        capture_output=True, text=True, check=False, env=usual | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
