"""Optimizers over one flat parameter vector, each step one kernel. Must not know networks or schedules."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlens.arguments import as_annotated
from convlens.engine.thread_choice import NUMBERS_A_THREAD, ThreadChoice
from convlens.errors import UsageError, shown
from convlens.kernels import optimizers as kernels
from convlens.kernels.runtime.parallel import SHARES
from convlens.turns import Turn

__all__ = ["RULES", "FusedOptimizer", "Rule"]

Numbers = NDArray[np.float32]
f32 = np.float32


class Rule(NamedTuple):
    """One optimizer: what it remembers, its settings with their defaults, and its step."""

    memory: tuple[str, ...]
    settings: dict[str, Any]
    step: Callable[["FusedOptimizer", float], None]


def _sgd(o: "FusedOptimizer", lr: float) -> None:
    kernels.sgd(o.vector, o.gradient, f32(lr), SHARES)


def _momentum(o: "FusedOptimizer", lr: float) -> None:
    kernels.momentum(o.vector, o.gradient, o.memory["v"], f32(lr), f32(o.settings["momentum"]), SHARES)


def _nesterov(o: "FusedOptimizer", lr: float) -> None:
    kernels.nesterov(o.vector, o.gradient, o.memory["v"], f32(lr), f32(o.settings["momentum"]), SHARES)


def _adagrad(o: "FusedOptimizer", lr: float) -> None:
    kernels.adagrad(o.vector, o.gradient, o.memory["h"], f32(lr), f32(o.settings["eps"]), SHARES)


def _rmsprop(o: "FusedOptimizer", lr: float) -> None:
    decay, eps = f32(o.settings["decay_rate"]), f32(o.settings["eps"])
    kernels.rmsprop(o.vector, o.gradient, o.memory["h"], f32(lr), decay, eps, SHARES)


def _adam(o: "FusedOptimizer", lr: float) -> None:
    s = o.settings
    # In Python: they are the same for all numbers, and want float64.
    factors = kernels.adam_factors(o.iter, lr, s["beta1"], s["beta2"], s["form"] == "book")
    betas = f32(1 - s["beta1"]), f32(1 - s["beta2"])
    kernels.adam(o.vector, o.gradient, o.memory["m"], o.memory["v"], factors, betas, f32(s["eps"]), SHARES)


RULES: dict[str, Rule] = {
    "sgd": Rule((), {}, _sgd),
    "momentum": Rule(("v",), {"momentum": 0.9}, _momentum),
    "nesterov": Rule(("v",), {"momentum": 0.9}, _nesterov),
    "adagrad": Rule(("h",), {"eps": 1e-7}, _adagrad),
    "rmsprop": Rule(("h",), {"decay_rate": 0.99, "eps": 1e-7}, _rmsprop),
    "adam": Rule(("m", "v"), {"beta1": 0.9, "beta2": 0.999, "eps": 1e-7, "form": "book"}, _adam),
}
"""Name → rule. Adam's forms: "book" (eps uncorrected) and "torch" (corrected, there with eps 1e-8)."""


class FusedOptimizer:
    """Updates one flat float32 vector in place by its gradient.

    Args:
        name: a key of `RULES`.
        vector: all parameters.
        gradient: the loss's derivatives by them, in the same order.
        threads: how many run; None: as many as are fastest. The results do not depend on it.
        **settings: see `RULES`.

    Attributes:
        memory: what the rule remembers, by name, flat like the vector.
        iter: steps so far.
        turn: threads that share it take turns.
    """

    @as_annotated
    def __init__(self, name: str, vector: Numbers, gradient: Numbers, threads: int | None = None,
                 **settings: Any) -> None:  # noqa: ANN401  # fmt: skip
        if name not in RULES:
            raise UsageError(f"there is no optimizer {shown(name)}. There are: {', '.join(RULES)}.")
        self.rule = RULES[name]
        unknown = set(settings) - set(self.rule.settings)
        if unknown:
            known = ", ".join(self.rule.settings) or "nothing"
            raise UsageError(f"`{name}` takes {known}. Got {', '.join(sorted(unknown))}.")
        for array in (vector, gradient):
            if not isinstance(array, np.ndarray):
                raise UsageError(f"a fused optimizer needs flat float32 vectors. Got {shown(array)}.")
            if array.dtype != np.float32 or array.ndim != 1 or not array.flags.c_contiguous:
                raise UsageError(
                    f"a fused optimizer needs flat float32 vectors. Got {array.dtype} {array.shape}."
                )
        self.vector, self.gradient = vector, gradient
        self.settings = self.rule.settings | settings
        self.memory = {key: np.zeros_like(vector) for key in self.rule.memory}
        self.thread_choice = ThreadChoice(threads, f"{name} {vector.size}", vector.size, NUMBERS_A_THREAD)
        self.iter, self.turn = 0, Turn()

    def step(self, lr: float) -> None:
        """Update once with this learning rate."""
        with self.turn, self.thread_choice.running(1, "update"):
            self.iter += 1
            self.rule.step(self, lr)
