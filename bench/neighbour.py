"""What a busy process on one of the processors costs a training step.

python bench/neighbour.py [NETWORK ...]          default: simple lenet

ms a step of convlens with Adam, batch 100, on 1 thread, on all, and on as many as it chooses, in turns with
nobody beside it and beside a process that never rests on the first processor. A fair scheduler leaves half of
that one: all p processors then do p - 1/2 processors' work, so a step on all may take p / (p - 1/2) times as
long; one thread moves to another processor, and may take as long as before. What is more is lost by waiting.
The least and the median of rounds; before each, steps that are not counted, in which a number may be changed.
"""

import os
import signal
import subprocess
import sys
from statistics import median

from arguments import names
from compare import ask, wait_until_idle
from workers import Workers, processors, say, start, stop

from networks import SPECS

ROUNDS, SECONDS, FIRST = 7, 0.5, 1.5
BUSY = """
import os
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
print("busy", flush=True)
while True:
    pass
"""


def measure(network: str, neighbour: "subprocess.Popen[str]") -> dict[str, dict[bool, list[float]]]:
    """Return ms a step of each number of threads, without and with the neighbour, round by round."""
    most = processors()
    numbers = {"1 thread": 1, f"{most} threads": most, "chosen": 0}
    workers: Workers = {name: start("ours", network, 100, threads) for name, threads in numbers.items()}
    steps = {name: ask(process, 100) for name, process in workers.items()}
    found: dict[str, dict[bool, list[float]]] = {name: {False: [], True: []} for name in numbers}
    for number in range(ROUNDS):
        say(f"{network}: round {number + 1} of {ROUNDS}")
        for name, process in workers.items():
            for beside in (False, True):
                if not beside:
                    wait_until_idle()
                neighbour.send_signal(signal.SIGCONT if beside else signal.SIGSTOP)
                ask(process, int(FIRST * 1e3 / steps[name]))
                found[name][beside].append(ask(process, int(SECONDS * 1e3 / steps[name])))
            neighbour.send_signal(signal.SIGSTOP)
    stop(workers)
    return found


def report(network: str, found: dict[str, dict[bool, list[float]]]) -> None:
    """Print a line for each number of threads."""
    fair = processors() / (processors() - 0.5)
    for name, times in found.items():
        cells = [f"{min(times[beside]):7.3f} {median(times[beside]):7.3f}" for beside in (False, True)]
        ratio = median(times[True]) / median(times[False])
        bound = 1 if name == "1 thread" else fair
        print(
            f"{network:8} {name:10} alone {cells[0]} ms   beside {cells[1]} ms   {ratio:.2f} times"
            f"   (what it takes: {bound:.2f})",
            flush=True,
        )


def main() -> None:
    networks = names(__doc__, "NETWORK", ("simple", "lenet"), SPECS)
    print("load", os.getloadavg())
    with subprocess.Popen([sys.executable, "-c", BUSY], stdout=subprocess.PIPE, text=True) as neighbour:
        try:
            neighbour.stdout and neighbour.stdout.readline()
            neighbour.send_signal(signal.SIGSTOP)
            for network in networks:
                report(network, measure(network, neighbour))
        finally:
            neighbour.kill()


if __name__ == "__main__":
    main()
