"""Optimizers over one flat parameter vector, each step one kernel. Must not know networks or schedules."""

from collections.abc import Callable, Sequence
from operator import is_
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convlens.arguments import as_annotated
from convlens.engine.program import Program, Programs
from convlens.engine.readying import Readying
from convlens.engine.thread_choice import NUMBERS_A_THREAD, ThreadChoice
from convlens.errors import UsageError, shown
from convlens.kernels import optimizers as kernels
from convlens.kernels.runtime.parallel import SHARES
from convlens.kernels.runtime.tapes import NumberBlank
from convlens.kernels.runtime.threads import region
from convlens.turns import Turn

__all__ = ["RULES", "FusedOptimizer", "Rule"]

Numbers = NDArray[np.float32]
f32 = np.float32


class Rule(NamedTuple):
    """One optimizer.

    Attributes:
        memory: what it remembers.
        settings: with their defaults.
        changing: the numbers of a step at a learning rate: its kernel reads them from blanks.
        call: calls the kernel, given those blanks.
        decoupled: weights that decay do so by themselves; else it is a part of the gradient that is seen.
    """

    memory: tuple[str, ...]
    settings: dict[str, Any]
    changing: Callable[["FusedOptimizer", float], tuple[float, ...]]
    call: Callable[["FusedOptimizer", tuple[NumberBlank, ...]], object]
    decoupled: bool = False


def _rate(o: "FusedOptimizer", lr: float) -> tuple[float, ...]:
    del o
    return (lr,)


def _factors(o: "FusedOptimizer", lr: float) -> tuple[float, ...]:
    s = o.settings
    # In Python: they are the same for all numbers, and want float64.
    a, c = kernels.adam_factors(o.iter, lr, s["beta1"], s["beta2"], s["form"] == "book")
    return float(a), float(c)


def _sgd(o: "FusedOptimizer", blanks: tuple[NumberBlank, ...]) -> None:
    kernels.sgd(o.vector, o.seen, *blanks, SHARES)


def _momentum(o: "FusedOptimizer", blanks: tuple[NumberBlank, ...]) -> None:
    kernels.momentum(o.vector, o.seen, o.memory["v"], *blanks, f32(o.settings["momentum"]), SHARES)


def _nesterov(o: "FusedOptimizer", blanks: tuple[NumberBlank, ...]) -> None:
    kernels.nesterov(o.vector, o.seen, o.memory["v"], *blanks, f32(o.settings["momentum"]), SHARES)


def _adagrad(o: "FusedOptimizer", blanks: tuple[NumberBlank, ...]) -> None:
    kernels.adagrad(o.vector, o.seen, o.memory["h"], *blanks, f32(o.settings["eps"]), SHARES)


def _rmsprop(o: "FusedOptimizer", blanks: tuple[NumberBlank, ...]) -> None:
    decay, eps = f32(o.settings["decay_rate"]), f32(o.settings["eps"])
    kernels.rmsprop(o.vector, o.seen, o.memory["h"], *blanks, decay, eps, SHARES)


def _adam(o: "FusedOptimizer", blanks: tuple[NumberBlank, ...]) -> None:
    s = o.settings
    betas = f32(1 - s["beta1"]), f32(1 - s["beta2"])
    kernels.adam(o.vector, o.seen, o.memory["m"], o.memory["v"], blanks, betas, f32(s["eps"]), SHARES)


RULES: dict[str, Rule] = {
    "sgd": Rule((), {}, _rate, _sgd),
    "momentum": Rule(("v",), {"momentum": 0.9}, _rate, _momentum),
    "nesterov": Rule(("v",), {"momentum": 0.9}, _rate, _nesterov),
    "adagrad": Rule(("h",), {"eps": 1e-7}, _rate, _adagrad),
    "rmsprop": Rule(("h",), {"decay_rate": 0.99, "eps": 1e-7}, _rate, _rmsprop),
    "adam": Rule(("m", "v"), {"beta1": 0.9, "beta2": 0.999, "eps": 1e-7, "form": "book"}, _factors, _adam),
    "adamw": Rule(
        ("m", "v"), {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "form": "torch", "weight_decay": 0.01},
        _factors, _adam, decoupled=True,
    ),
}  # fmt: skip
"""Name → rule. All take `weight_decay`, which is 0 where nothing is said.

Adam's forms: "book" (eps uncorrected) and "torch" (corrected, there with eps 1e-8).
"""


class _Step(NamedTuple):
    """A prepared step and what it was prepared for: arrays that are held, so none takes another's place."""

    program: Program
    blanks: tuple[NumberBlank, ...]
    arrays: list[Numbers]
    settings: dict[str, Any]


class FusedOptimizer:
    """Updates one flat float32 vector in place by its gradient.

    Args:
        name: a key of `RULES`.
        vector: all parameters.
        gradient: the loss's derivatives by them, in the same order.
        threads: how many run; None: as many as are fastest. The results do not depend on it.
        weights: the spans of the vector that `weight_decay` counts for; None for all of it.
        **settings: see `RULES`.

    Attributes:
        seen: the gradient that the rule sees: scaled, and with what decays in it.
        memory: what the rule remembers, by name, flat like the vector.
        iter: steps so far.
        turn: threads that share it take turns.
    """

    @as_annotated
    def __init__(self, name: str, vector: Numbers, gradient: Numbers, threads: int | None = None,
                 *, weights: Sequence[slice] | None = None, **settings: Any) -> None:  # noqa: ANN401  # fmt: skip
        if name not in RULES:
            raise UsageError(f"there is no optimizer {shown(name)}. There are: {', '.join(RULES)}.")
        self.rule = RULES[name]
        usual = {"weight_decay": 0.0} | self.rule.settings
        unknown = set(settings) - set(usual)
        if unknown:
            known = ", ".join({**self.rule.settings, **usual})
            raise UsageError(f"`{name}` takes {known}. Got {', '.join(sorted(unknown))}.")
        for array in (vector, gradient):
            if not isinstance(array, np.ndarray):
                raise UsageError(f"a fused optimizer needs flat float32 vectors. Got {shown(array)}.")
            if array.dtype != np.float32 or array.ndim != 1 or not array.flags.c_contiguous:
                raise UsageError(
                    f"a fused optimizer needs flat float32 vectors. Got {array.dtype} {array.shape}."
                )
        _require_writeable(vector)
        self.vector, self.gradient, self.seen = vector, gradient, gradient
        self.settings = usual | settings
        self.weights = None if weights is None else tuple(weights)
        self.memory = {key: np.zeros_like(vector) for key in self.rule.memory}
        self.thread_choice = ThreadChoice(threads, f"{name} {vector.size}", vector.size, NUMBERS_A_THREAD)
        self.iter, self.turn = 0, Turn()
        self._programs: Programs[_Step] = Programs()
        self._readying: Readying | None = None

    def norm(self) -> float:
        """Return the gradient's Euclidean norm."""
        with self.turn, region(self.thread_choice.threads(1, "update")):
            return self._made_ready().norm()

    def step(self, lr: float, scale: float = 1.0) -> None:
        """Update once with this learning rate.

        Args:
            lr: learning rate.
            scale: what the gradient is multiplied with first.
        """
        with self.turn, self.thread_choice.running(1, "update"):
            decay, readying = self.settings["weight_decay"], self._made_ready()
            self.iter += 1
            try:
                changing = self.rule.changing(self, lr)
                self.seen = readying.ready(scale, 0.0 if self.rule.decoupled else decay)
                prepared = self._prepared(len(changing))
                for blank, number in zip(prepared.blanks, changing, strict=True):
                    blank.fill(number)
            except BaseException:  # refused, or interrupted: this was no step
                self.iter -= 1
                raise
            if decay and self.rule.decoupled:
                readying.shrink(lr * decay)
            prepared.program.run()

    def _made_ready(self) -> Readying:
        """Return what readies the gradient, made anew where an array is another one."""
        if self._readying is None or not self._readying.is_of(self.vector, self.gradient):
            weights = (slice(0, self.vector.size),) if self.weights is None else self.weights
            self._readying = Readying(self.vector, self.gradient, weights)
        return self._readying

    def _prepared(self, numbers: int) -> _Step:
        """Return the kernel's call, prepared anew where an array or a setting is another one."""
        arrays = [self.vector, self.seen, *self.memory.values()]
        key = "step" if self.seen is self.gradient else "step of what is ready"
        found = self._programs.get(key)
        if found is not None and _same(arrays, found.arrays) and found.settings == self.settings:
            return found
        if any(array.shape != self.vector.shape for array in arrays):
            shapes = " ".join(map(str, {array.shape for array in arrays}))
            raise UsageError(f"all vectors of a fused optimizer must have one shape. Got {shapes}.")
        _require_writeable(self.vector, *self.memory.values())
        blanks = tuple(NumberBlank(np.float32) for _ in range(numbers))
        program = Program()
        program.add(lambda: self.rule.call(self, blanks))
        return self._programs.keep(key, _Step(program, blanks, arrays, dict(self.settings)))


def _require_writeable(*arrays: Numbers) -> None:
    """Refuse what a step must not write into: kernels ask nobody."""
    if not all(array.flags.writeable for array in arrays):
        raise UsageError(
            "a fused optimizer writes into its vector. Got one that is read-only: give it a copy."
        )


def _same(arrays: list[Numbers], others: list[Numbers]) -> bool:
    """Say whether these are the very same arrays."""
    return len(arrays) == len(others) and all(map(is_, arrays, others))
