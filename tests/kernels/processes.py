"""Programs that run the engine in a process of their own."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress

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
    """Run a program, which may call `step`; return what it printed. What it has forked ends with it."""
    usual = {name: value for name, value in os.environ.items() if name != "NUMBA_THREADING_LAYER"}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [sys.executable, "-c", STEP + program],
            stdout=out, stderr=err, env=usual | environment, start_new_session=True,
        )  # fmt: skip
        try:
            process.wait()  # not for the end of a pipe, which a child that hangs would keep open
        finally:
            end_group(process.pid)
        for file in (out, err):
            file.seek(0)
        assert process.returncode == 0, err.read().decode(errors="replace")
        return out.read().decode().strip()


def end_group(leader):
    """Kill what is left of a group of processes."""
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(leader, signal.SIGKILL)
