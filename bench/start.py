"""From process start to the first training step: with an empty cache of kernels, and with a warm one.

python bench/start.py [NETWORK ...]          default: simple lenet
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from arguments import names

FIRST_STEP = """
import sys, tempfile
from pathlib import Path
from convlens import spec
from convlens.runs import RunConfig, train_run
from convlens.training import Callback

class Stop(Callback):
    def on_step(self, trainer, loss):
        print("step", flush=True)
        sys.exit()

train_run(RunConfig(spec.find(sys.argv[1])), Path(tempfile.mkdtemp()) / "run", "", [Stop()])
"""
SOURCE = str(Path(__file__).parent.parent / "src")


def seconds(network: str, cache: str) -> float:
    """Return the time from process start to the first step."""
    settings = {**os.environ, "CONVLENS_CACHE_DIR": cache, "PYTHONPATH": SOURCE}
    start = time.perf_counter()
    command = [sys.executable, "-c", FIRST_STEP, network]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=settings)
    assert process.stdout
    process.stdout.readline()
    passed = time.perf_counter() - start
    process.wait()
    return passed


if __name__ == "__main__":
    networks = names(__doc__, "NETWORK", ("simple", "lenet"))
    print("load", os.getloadavg())
    for network in networks:
        with tempfile.TemporaryDirectory() as cache:
            cold = seconds(network, cache)
            warm = [seconds(network, cache) for _ in range(7)]
        print(f"{network}: first ever {cold:.1f} s; warm, median of 7 {median(warm):.2f} s", flush=True)
