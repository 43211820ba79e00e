"""What of a training step is not in shares, and what shares make of more threads than this machine has.

python bench/serial.py [NETWORK:BATCH ...] [--json]     default: simple:100 lenet:100 deep:100

Runs steps on one thread, with the time of every share taken, and prints each region: its shares, its time,
the longest share, and how well so many threads would be used: time / (threads x the time until the last share
is done, each thread taking the next share as soon as it is free). Then the serial time of a step: whatever
is in no region of several shares. The last line is what the model predicts for more threads:

    serial time + for each region (time until its last share is done + what a region costs)

It knows nothing of caches, of memory that is shared, and of clocks that slow down: a bound, not a promise.
Kernels are compiled anew, with the clock in them, which takes as long as a first start.
"""

import argparse
import heapq
import json
import os
import sys
import tempfile
import time
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

THREADS = (2, 4, 8, 16, 64)
REGION = {2: 0.7, 4: 1.0, 8: 1.5, 16: 3.0, 64: 8.0}
"""Microseconds that a region is taken to cost on so many threads."""

STEPS, ROOM = 40, 1 << 20
BODIES: list[str] = []
"""The functions that were compiled as a region's body; a record names one by its place."""

TRACE = np.zeros(ROOM, np.int64)
"""How much is used, then a record a region: body, shares, the clock before the first and after each share."""


@intrinsic
def timed_shares(tc: Any, body: Any, shares: Any, args: Any) -> Any:  # noqa: ARG001  # its signature
    """Do what `in_shares` does on one thread, and write a record of it."""
    given = [types.unliteral(ty) for ty in args.types]
    call = body.get_call_type(tc, (types.intp, types.intp, *given), {})

    def code(ctx: Any, b: Any, _sig: Any, values: Any) -> Any:
        compiled = body.dispatcher.overloads[tuple(call.args)]
        ctx.active_code_library.add_linking_library(compiled.library)
        BODIES.append(body.dispatcher.py_func.__name__)
        size, count = ir.IntType(64), values[1]
        clock = cgutils.get_or_insert_function(b.module, ir.FunctionType(size, []), "llvm.readcyclecounter")
        trace = b.inttoptr(ir.Constant(size, TRACE.ctypes.data), size.as_pointer())

        def write(value: Any) -> None:
            used = b.load(trace)
            b.store(value, b.gep(trace, [used]))
            b.store(b.add(used, ir.Constant(size, 1)), trace)

        for value in (ir.Constant(size, len(BODIES) - 1), count, b.call(clock, [])):
            write(value)
        unpacked = cgutils.unpack_tuple(b, values[2], len(given))
        with cgutils.for_range(b, count) as loop:
            ctx.call_internal_no_propagate(b, compiled.fndesc, call, [loop.index, count, *unpacked])
            write(b.call(clock, []))
        return ctx.get_dummy_value()

    return types.void(body, types.intp, types.Tuple(given)), code


class Region(NamedTuple):
    """One call of `in_shares`: its body's name, and the microseconds of each share."""

    name: str
    shares: list[float]

    def until_done(self, threads: int) -> float:
        """Return when the last share is done; each thread takes the next one as soon as it is free."""
        busy = [0.0] * threads
        for one in self.shares:
            heapq.heappush(busy, heapq.heappop(busy) + one)
        return max(busy)


def records() -> list[tuple[str, list[int]]]:
    """Return what the trace holds: for each region its name and the ticks of its shares; empty it."""
    found, at, used = [], 1, int(TRACE[0])
    while at < used:
        body, shares = int(TRACE[at]), int(TRACE[at + 1])
        found.append((BODIES[body], np.diff(TRACE[at + 2 : at + 3 + shares]).tolist()))
        at += 3 + shares
    TRACE[0] = 1
    return found


def measured(name: str, batch: int) -> tuple[float, list[Region]]:
    """Return the serial microseconds of a step, and its regions: each the least of several steps."""
    step = prepared(name, batch)
    for _ in range(5):
        step()
    TRACE[0], rounds, rests, rates = 1, [], [], []
    for _ in range(STEPS):
        first, start = time.perf_counter_ns(), read_clock()
        step()
        ticks, wall = read_clock() - start, time.perf_counter_ns() - first
        rounds.append(records())
        rests.append(ticks - sum(sum(shares) for _, shares in rounds[-1] if len(shares) > 1))
        rates.append(ticks / wall)  # of the processor's clock in a nanosecond
    scale = 1e-3 / float(np.median(rates))
    regions = [
        Region(same[0][0], (np.min([shares for _, shares in same], axis=0) * scale).tolist())
        for same in zip(*rounds, strict=True)
    ]
    return min(rests) * scale, regions


def read_clock() -> int:
    """Return the processor's clock: that of an empty region."""
    EMPTY_REGION()
    used = int(TRACE[0])
    TRACE[0] = used - 3
    return int(TRACE[used - 1])


def prepared(name: str, batch: int) -> Any:
    """Return a training step of a network on one thread."""
    from convlens import engine
    from convlens.networks import Network
    from networks import SPECS

    rng, net = np.random.default_rng(0), Network(SPECS[name](), seed=0)
    gradients = [net.own_grads(row) for row in net.spec.outer]
    layers, shape = list(net.layers.values()), net.spec.input_shape
    plan = engine.compile(layers, net.last_layer, shape, batch, 1, gradients)
    adam = engine.FusedOptimizer("adam", net.params.vector, net.grads.vector, 1)
    x, t = rng.integers(0, 256, (batch, *shape), np.uint8), rng.integers(0, 10, batch)
    return lambda: (plan.loss_and_gradient(x, t), adam.step(0.0))


def row(name: str, batch: int) -> dict[str, Any]:
    """Return all figures of one network."""
    serial, regions = measured(name, batch)
    split = [region for region in regions if len(region.shares) > 1]
    step = serial + sum(sum(region.shares) for region in split)
    predicted = {
        threads: serial + sum(region.until_done(threads) + REGION[threads] for region in split)
        for threads in THREADS
    }
    case = f"{name}:{batch}"
    return {"case": case, "step": step, "serial": serial, "regions": regions, "predicted": predicted}


def show(found: dict[str, Any]) -> None:
    """Print one network's table."""
    head = f"{found['case']}, microseconds on one thread"
    print(f"{head:46} shares     time  longest   use of {', '.join(map(str, THREADS))} threads")
    for region in found["regions"]:
        total, longest = sum(region.shares), max(region.shares)
        use = (100 * total / threads / region.until_done(threads) for threads in THREADS)
        one = len(region.shares) == 1
        uses = "  one thread" if one else "".join(f"{share:6.0f}%" for share in use)
        print(f"  {region.name:46} {len(region.shares):5} {total:8.1f} {longest:8.1f} {uses}")
    step, serial = found["step"], found["serial"]
    print(f"  step {step:.0f}, serial {serial:.0f} ({100 * serial / step:.1f} %)")
    times = ", ".join(f"{us / 1e3:.3f} at {threads}" for threads, us in found["predicted"].items())
    print(f"  predicted ms: {times}", flush=True)


def main() -> None:
    """Answer the command line."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("case", nargs="*", default=["simple:100", "lenet:100", "deep:100"])
    parser.add_argument("--json", action="store_true", help="one object a network instead of tables")
    given = parser.parse_args()
    for case in given.case:
        name, batch = case.split(":")
        print(f"{case}: compiling and measuring", file=sys.stderr, flush=True)
        found = row(name, int(batch))
        if given.json:
            found["regions"] = [region._asdict() for region in found["regions"]]
            print(json.dumps(found), flush=True)
        else:
            show(found)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:  # timed kernels must not be kept beside the usual ones
        os.environ["CONVLENS_CACHE_DIR"] = folder
        from convlens.kernels.runtime import compiler, parallel, threads

        parallel.in_shares = timed_shares  # before any kernel's file is imported
        threads.start()

        @compiler.inner
        def no_share(t, shares):
            """Do nothing."""

        @compiler.entry
        def empty_region():
            """Write one record without shares."""
            timed_shares(no_share, 0, ())

        EMPTY_REGION = empty_region
        main()
