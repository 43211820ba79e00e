"""Which of the two computes a network: compiled kernels or the readable layers. Must not know training.

Numba is imported when it has to be decided, or when a network is compiled, not before. Where it cannot be
loaded the readable layers compute what was not asked of the kernels.
"""

import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from convlens._typing import Array, IntArray
from convlens.errors import MissingEngineError, UsageError, did_you_mean, shown
from convlens.notices import notice
from convlens.spec import NetworkSpec
from convlens.words import words_of
from convlens.words.languages import spoken_language
from convlens.words.shared import COMPILING

if TYPE_CHECKING:
    from convlens.engine import Plan
    from convlens.networks.network import Network

__all__ = [
    "ENGINES",
    "announce_compiling",
    "announce_nothing",
    "checked_engine",
    "compile_ahead",
    "compile_network",
    "engine_for",
    "require_kernels",
    "usual_engine",
    "why_no_kernels",
]

ENGINES = ("fused", "layers")


def engine_for(asked: str | None, spec: NetworkSpec) -> str:
    """Return the engine that computes a network.

    Args:
        asked: one of `ENGINES`; None for "fused" where the kernels can compute the network, and can run here.
            If they cannot run, a line on stderr says so.
        spec: the network.

    Raises:
        UsageError: there is no such engine, or the kernels cannot compute the network.
    """
    engine = checked_engine(asked, spec) or usual_engine(spec)
    if asked is None and engine == "fused" and (reason := why_no_kernels()):
        notice("no_engine", reason=reason)
        return "layers"
    return engine


def checked_engine(asked: str | None, spec: NetworkSpec) -> str | None:
    """Return `asked` where it is None, or an engine that can compute the network.

    Raises:
        UsageError: as `engine_for`.
    """
    if asked is None:
        return None
    if not isinstance(asked, str) or asked not in ENGINES:
        near = did_you_mean(asked, ENGINES)
        raise UsageError(f"`engine` must be one of {', '.join(ENGINES)}. Got {shown(asked)}.{near}")
    if asked == "fused" and usual_engine(spec) != "fused":
        kind = f"{spec.dtype} under the {spec.protocol} protocol"
        raise UsageError(
            f'engine="fused" computes float32 under the standard protocol. {spec.name} is {kind}.'
        )
    return asked


def usual_engine(spec: NetworkSpec) -> str:
    """Return what computes a network wherever kernels can run."""
    return "fused" if spec.dtype == "float32" and spec.protocol == "standard" else "layers"


def require_kernels() -> None:
    """Import Numba.

    Raises:
        MissingEngineError: it cannot be loaded.
        UsageError: its environment variables ask for what cannot be had.
    """
    import_module("convlens.kernels")


def why_no_kernels() -> str:
    """Return why kernels cannot run here, or "" where they can."""
    try:
        require_kernels()
    except MissingEngineError as missing:
        return missing.reason
    return ""


def compile_network(network: "Network", capacity: int, threads: int | None) -> "Plan":
    """Return a plan that reads the network's parameters and writes its gradients where they are."""
    from convlens import engine  # noqa: PLC0415 (Numba: half a second)

    announce_compiling()
    gradients = [network.own_grads(row) for row in network.spec.outer]
    for row, own in zip(network.spec.outer, gradients, strict=True):
        network.layers[row.name].hold({}, own)  # the layers show the same derivatives
    plan = engine.compile(
        list(network.layers.values()),
        network.last_layer,
        network.spec.input_shape,
        capacity,
        threads,
        gradients,
    )
    plan.turn = network.turn
    return plan


_announces = [True]


def announce_nothing() -> None:
    """Have nobody told by this process: another one says it for all."""
    _announces.clear()


_rehearsed: set[tuple[NetworkSpec, str | None, str, str]] = set()
"""Whose kernels this process has."""


def compile_ahead(
    described: NetworkSpec, optimizer: str | None, x: Array, t: IntArray, threads: int | None = None
) -> None:
    """Load the kernels of a network's training, and where they are not there compile them, side by side.

    Once for each network and process; without it they are compiled one by one, as a step calls them.

    Args:
        described: the network, which is to be computed by the kernels.
        optimizer: its name, if it is one of ours.
        x: pictures of the kind that it will be trained on.
        t: their labels.
        threads: how many may be used.
    """
    from convlens.engine.rehearsal import Seen, rehearse  # noqa: PLC0415 (as above)

    seen = Seen(x.dtype.str, t.dtype.str)
    key = described, optimizer, *seen
    if key not in _rehearsed:
        announce_compiling()
        with suppress(MemoryError):  # for a second network; the first one may fit
            rehearse(described, optimizer, seen, threads)
        _rehearsed.add(key)


@cache
def announce_compiling() -> None:
    """Have the user told, once and on stderr, when kernels must be compiled before anything can run."""
    from convlens import engine  # noqa: PLC0415 (as above)

    if not _announces:
        return

    def say() -> None:
        kept = engine.facts()["new kernels"] == "kept"
        line = words_of(COMPILING, spoken_language(), is_set=False)
        print(line("compiling.first" if kept else "compiling.always"), file=sys.stderr, flush=True)  # noqa: T201

    engine.on_first_compile(say)
