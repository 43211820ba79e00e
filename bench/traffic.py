"""How many bytes a training step moves, by its shapes, and by the processor's counters where it has them.

By the shapes: each activation, derivative and parameter is read or written once for each pass that needs it,
but what is fused: a convolution with its pooling and ReLU is one block. What stays in a cache counts, too.
"""

import signal
import subprocess
from math import prod
from shutil import which

from compare import ask

from networks import SPECS

__all__ = ["counted", "moved"]

NUMBER, LINE = 4, 64
MISSES = ("LLC-load-misses", "LLC-store-misses")
ADAM = 7  # parameter, two averages: read and written; gradient: read


def blocks(network: str) -> list[tuple[int, int, int]]:
    """Return numbers read, written and of parameters, of each layer with what is fused behind it."""
    described, found = SPECS[network](), []
    size = prod(described.input_shape)
    for row in described.table:
        out = prod(row.output_shape)
        weights = sum(prod(parameter.shape) for parameter in row.parameters)
        if weights or not found:
            found.append((size, out, weights))
        else:
            found[-1] = (found[-1][0], out, found[-1][2])
        size = out
    return found


def moved(network: str, batch: int) -> int:
    """Return the bytes that a step with Adam moves.

    Forward: input read, output written. Backward: output's derivatives and input read, input's derivatives
    written, but for the first block. Parameters: read twice, gradient written, updated.
    """
    total = 0
    for number, (read, written, weights) in enumerate(blocks(network)):
        samples = 2 * (read + written) + (read if number else 0)
        total += NUMBER * (batch * samples + weights * (3 + ADAM))
    return total


def counted(process: "subprocess.Popen[str]", steps: int) -> float | None:
    """Return the bytes of a step that came from or went to memory; None where nobody counts them."""
    perf = which("perf")
    if perf is None:
        return None
    command = [perf, "stat", "-x", ",", "-e", ",".join(MISSES), "-p", str(process.pid)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as counting:
        ask(process, steps)
        counting.send_signal(signal.SIGINT)
        lines = counting.communicate()[1].splitlines()
    counts = [line.split(",")[0] for line in lines if any(name in line for name in MISSES)]
    if len(counts) < len(MISSES) or not all(count.isdigit() for count in counts):
        return None
    return sum(map(int, counts)) * LINE / steps
