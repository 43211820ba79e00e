"""Compiling what a network's training needs, side by side, before its first step.

Must not know files or training. A rehearsal has a plan of the same network for two pictures, all zeros, and
runs it in steps small enough to be shared: which kernels a step calls is known where it is run, and nowhere
else. Who rehearses skips what another process is compiling, and comes back to it at the end.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from convlens.engine.fallback import FallbackStage
from convlens.engine.optimizers import RULES, FusedOptimizer
from convlens.engine.plan import Plan
from convlens.engine.side_by_side import Helpers, how_many
from convlens.interrupts import heed
from convlens.kernels.runtime.cache import Postponed, postponing
from convlens.kernels.runtime.threads import region
from convlens.layers import SoftmaxWithLoss, build
from convlens.spec import NetworkSpec, to_dict

__all__ = ["Rehearsal", "Seen", "Step", "help_out", "is_done", "rehearse", "run"]

Step = Callable[[], object]

PICTURES = 2

MOST_NUMBERS = 20_000_000
"""Parameters and pixels from which memory for a second network is more than the time is worth."""

FEW = 3
"""Steps that this process compiles alone: a helper takes a second to start."""


class Seen(NamedTuple):
    """What kernels are compiled for: dtypes of pictures and labels."""

    pictures: str
    labels: str


class Rehearsal:
    """One network's plan on zeros, in steps.

    Args:
        described: the network.
        optimizer: one of `RULES`, or None where it is not known.
        seen: what it will be trained on.

    Attributes:
        steps: in the order in which a training needs them.
    """

    def __init__(self, described: NetworkSpec, optimizer: str | None, seen: Seen) -> None:
        layers = [
            build(row.layer, **{key: np.zeros(one.shape, np.float32) for key, one in row.kept.items()})
            for row in described.outer
        ]
        plan = Plan(layers, SoftmaxWithLoss(), described.input_shape, PICTURES, 1, None)
        x = np.zeros((PICTURES, *described.input_shape), seen.pictures)
        t = np.zeros(PICTURES, seen.labels)
        kernels = [stage for stage in plan.stages if not isinstance(stage, FallbackStage)]
        self.steps: list[Step] = [
            partial(plan.predict, x),
            partial(plan.loss_and_gradient, x, t),
            *(partial(stage.forward, PICTURES, train=True) for stage in kernels),
            *(partial(stage.backward, PICTURES) for stage in reversed(kernels)),
        ]
        if optimizer is not None:
            numbers, gradient = np.zeros(8, np.float32), np.zeros(8, np.float32)
            self.steps.append(partial(FusedOptimizer(optimizer, numbers, gradient, 1).step, 0.01))


def rehearse(described: NetworkSpec, optimizer: str | None, seen: Seen, threads: int | None) -> None:
    """Have everything in the cache, and loaded, that a training of this network needs.

    Args:
        described: the network.
        optimizer: its name, if it is one of ours.
        seen: what it will be trained on.
        threads: how many this process may use; None for all that there are.
    """
    numbers = sum(p.size for p in described.parameters) + int(np.prod(described.input_shape))
    if numbers > MOST_NUMBERS:
        return
    steps = Rehearsal(described, optimizer if optimizer in RULES else None, seen).steps
    missing = [step for step in steps if not is_done(step, compiles=False)]
    if not missing:
        return
    told = {"network": to_dict(described), "optimizer": optimizer, "seen": list(seen)}
    with Helpers(how_many(len(missing), threads) if len(missing) > FEW else 0, told):
        for step in [step for step in missing if not is_done(step)]:
            run(step)


def help_out(steps: Sequence[Step], rank: int, helpers: int) -> None:
    """Run steps as a helper does: from the end, as who needs the kernels begins at the beginning.

    What another process is at, that one finishes.

    Args:
        steps: all of them.
        rank: which helper.
        helpers: of how many: each begins elsewhere.
    """
    backwards = list(reversed(steps))
    start = rank * len(backwards) // helpers
    for step in backwards[start:] + backwards[:start]:
        is_done(step)


def is_done(step: Step, *, compiles: bool = True) -> bool:
    """Run a step; say whether it came to its end.

    It does not where it calls a kernel that another process is compiling, or (unless it `compiles`) one that
    is not in the cache.
    """
    heed()
    try:
        with postponing(missing=not compiles):
            run(step)
    except Postponed:
        return False
    return True


def run(step: Step) -> None:
    """Run a step, and wait for what others are compiling."""
    with region(1), np.errstate(all="ignore"):
        step()
