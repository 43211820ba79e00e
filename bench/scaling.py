"""How a training step scales with threads: one table a network, and what a parallel region costs.

python bench/scaling.py [NETWORK ...]           default: simple lenet deep

threads   1, 2, 4, … up to the processors there are; "chosen": as many as convlens takes by itself
ours, …   ms of a step with Adam, the least of rounds in which convlens and PyTorch's two modes take turns
model     ms by `serial.py` and `regions.py`: what is in no region, each region's last thread, what regions
          cost on so many threads. It knows nothing of memory and clocks: the least to be expected. Up
          to the processors there are, hold it against the time beside it; beyond them it is a prediction, for
          which a region costs so much more as the logarithm of the threads does
serial    what of the time of one thread cannot be shared, if all else is shared perfectly (Karp and Flatt):
          (1/s - 1/k) / (1 - 1/k) for k threads that are s times as fast as one
GB/s      bytes by the shapes (`traffic.py`), divided by the time

Then N processes of one thread each, at once: steps a second in all, and how many times those of one; a run of
the report (5,000 images, 20 epochs) is 1,000 steps. Progress goes to stderr. The machine should be idle.
"""

import argparse
import json
import math
import os
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from compare import HERE, ask, environment
from regions import POOLS, in_turn
from serial import Region
from traffic import counted, moved
from workers import Workers, in_turns, processors, say, start, stop

NETWORKS, PREDICTED = ("simple", "lenet", "deep"), (4, 8, 16)
PEERS = ("eager", "channels_last")
RUN_STEPS = 1000
COLUMNS = ("ours", "model", "serial", "GB/s", *PEERS)


def counts(most: int) -> list[int]:
    """Return 1, 2, 4, … and the most."""
    return sorted({most, *(2**k for k in range(most.bit_length()) if 2**k <= most)})


def at(network: str, threads: int, given: argparse.Namespace) -> dict[str, Any]:
    """Return ms a step of convlens and PyTorch on so many threads, and convlens' bytes from memory."""
    workers: Workers = {}
    for backend in ("ours", *(() if given.without_pytorch or not threads else PEERS)):
        say(f"{network}: {backend} on {threads or 'chosen'} threads ...")
        try:
            workers[backend] = start(backend, network, given.batch, threads)
        except OSError as error:
            say(str(error))
    found: dict[str, Any] = dict(in_turns(workers, given.rounds, given.wait))
    if "ours" in workers:
        found["counted"] = counted(workers["ours"], 200)
    stop(workers)
    return found


def taken_apart(network: str, batch: int) -> tuple[float, list[Region]]:
    """Return the serial microseconds of a step on one thread, and its regions of several shares."""
    say(f"{network}: what a step is made of ...")
    command = [sys.executable, str(HERE / "serial.py"), f"{network}:{batch}", "--json"]
    done = subprocess.run(command, env=environment(1), stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    regions = [Region(**region) for region in found["regions"]]
    return found["serial"], [region for region in regions if len(region.shares) > 1]


def modelled(serial: float, regions: list[Region], threads: int, cost: float) -> float:
    """Return the microseconds of a step on so many threads."""
    return serial + sum(region.until_done(threads) + cost for region in regions)


def region_costs(table: dict[str, dict[str, float]]) -> dict[int, float]:
    """Return the microseconds that a region pays for being divided, of 64 shares in our pool, by threads."""
    found = {}
    for row, cost in next(iter(table.values())).items():
        threads = re.search(r"64 shares, (\d+) threads", row)
        if threads and row.startswith("working"):
            found[int(threads[1])] = cost
    return found


def region_cost(costs: dict[int, float], threads: int) -> float:
    """Return what a region costs on so many threads; beyond what was measured, as the logarithm grows."""
    measured = [n for n in costs if n <= threads]
    if not measured:
        return 0.0
    return costs[max(measured)] * math.log2(threads) / math.log2(max(measured))


def side_by_side(network: str, batch: int, processes: int) -> dict[str, float]:
    """Return steps a second of processes of one thread each: of one of them alone, and of all at once."""
    say(f"{network}: {processes} processes of one thread each ...")
    workers = {str(k): start("ours", network, batch, 1) for k in range(processes)}
    steps = max(10, int(1e3 / ask(workers["0"], 10)))
    alone = 1e3 / ask(workers["0"], steps)
    for process in workers.values():
        print(steps, file=process.stdin, flush=True)
    together = sum(1e3 / float(process.stdout.readline()) for process in workers.values() if process.stdout)
    stop(workers)
    return {"processes": processes, "alone": alone, "together": together}


def measure(network: str, costs: dict[int, float], given: argparse.Namespace) -> dict[str, Any]:
    """Return all of one network."""
    serial, regions = taken_apart(network, given.batch)
    most, size = processors(), moved(network, given.batch)
    rows = [{"threads": k, **at(network, k, given)} for k in counts(most)]
    one = rows[0].get("ours", math.nan)
    for row in rows:
        k, ours = row["threads"], row.get("ours", math.nan)
        row["GB/s"] = size / ours / 1e6
        if k > 1:
            row["serial"] = (ours / one - 1 / k) / (1 - 1 / k)
    rows += [{"threads": k} for k in PREDICTED if k > most]
    for row in rows:
        row["model"] = modelled(serial, regions, row["threads"], region_cost(costs, row["threads"])) / 1e3
    return {
        "network": network,
        "regions": len(regions),
        "shares": sum(len(region.shares) for region in regions),
        "serial_us": serial,
        "bytes": size,
        "rows": [*rows, {"threads": "chosen", **at(network, 0, given)}],
        "processes": side_by_side(network, given.batch, most),
    }


def printed(found: dict[str, Any]) -> list[str]:
    """Return the lines of one network's table."""
    parts = (
        f"{found['regions']} regions, {found['shares']} shares, {found['serial_us']:.0f} µs in none of them"
    )
    heads = (*COLUMNS, "fastest / ours")
    lines = [
        f"{found['network']}: {parts}; {found['bytes'] / 1e6:.1f} MB by the shapes",
        f"{'threads':>8}" + "".join(f"{head:>15}" for head in heads),
    ]
    for row in found["rows"]:
        cells = [f"{row[key]:.3f}" if key in row else "-" for key in COLUMNS]
        peers = [row[peer] for peer in PEERS if peer in row]
        cells.append(f"{min(peers) / row['ours']:.2f} x" if peers and "ours" in row else "-")
        memory = f"   {row['counted'] / 1e6:.1f} MB from and to memory" if row.get("counted") else ""
        lines.append(f"{row['threads']:>8}" + "".join(f"{cell:>15}" for cell in cells) + memory)
    many = found["processes"]
    rate, ratio = many["together"], many["together"] / many["alone"]
    told = f"{rate:.0f} steps or {rate / RUN_STEPS:.2f} runs a second, {ratio:.2f} times one process"
    return [*lines, f"{many['processes']} processes of one thread: {told}", ""]


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("network", nargs="*", default=NETWORKS)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--wait", type=float, default=10.0, help="seconds at most for an idle moment")
    parser.add_argument("--without-pytorch", action="store_true")
    parser.add_argument("--json", action="store_true", help="one object instead of tables")
    return parser.parse_args()


def machine() -> str:
    """Return the processor's name, how many there are, and how busy they have been."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{[*names, platform.processor()][0]}, {processors()} processors, load {os.getloadavg()[0]:.1f}"


def main() -> None:
    """Answer the command line."""
    given, told = arguments(), {"machine": machine()}
    say("what a region costs ...")
    table = in_turn(POOLS)
    networks = []
    if not given.json:
        print(f"{told['machine']}; batch {given.batch}; ms a step, least of {given.rounds} rounds\n")
        print("a region, µs:")
        for row in next(iter(table.values())):
            print(f"  {row:30}", *(f"{pool} {found[row]:.2f}  " for pool, found in table.items()))
        print()
    for network in given.network:
        networks.append(measure(network, region_costs(table), given))
        if not given.json:
            print("\n".join(printed(networks[-1])), flush=True)
    if given.json:
        print(json.dumps(told | {"batch": given.batch, "region_us": table, "networks": networks}))


if __name__ == "__main__":
    main()
