"""Measure the five steps from loops to SIMD on one layer, and check that they compute the same.

python bench/steps/measure.py [STEP ...]      steps 1 to 5; default: all
"""

import sys
import time
from importlib import import_module
from pathlib import Path

import numpy as np
from problem import MULTIPLY_ADDS, problem

STEPS = {1: "step1_loops", 2: "step2_im2col", 3: "step3_numba", 4: "step4_registers", 5: "step5_fused"}


def measure(step: int) -> None:
    """Print one line: time of a picture, rate, and the largest difference to step 2."""
    module = import_module(STEPS[step])
    data = problem(module.PICTURES)
    out, dW, db = module.layer(*data)
    wanted = import_module(STEPS[2]).layer(*data)
    difference = max(
        np.abs(a - b).max() / np.abs(b).max() for a, b in zip((out, dW, db), wanted, strict=True)
    )
    times = []
    for _ in range(1 if step == 1 else 60):
        start = time.perf_counter()
        module.layer(*data)
        times.append((time.perf_counter() - start) / module.PICTURES)
    rate = 2 * MULTIPLY_ADDS / min(times) / 1e9
    name = STEPS[step].replace("_", " ", 1).replace("step", "step ")
    print(
        f"{name:18} {min(times) * 1e6:12,.1f} µs a picture  {rate:8.2f} GFLOP/s  difference {difference:.0e}"
    )


sys.path.insert(0, str(Path(__file__).parent.parent))
from arguments import names

KNOWN = [str(step) for step in STEPS]
for chosen in map(int, names(__doc__, "STEP", KNOWN, KNOWN)):
    measure(chosen)
