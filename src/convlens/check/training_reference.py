"""What a reference reaches in a short training, and the interval in which one further run lies.

Must not know what is checked. The interval is Student's for a prediction: from the standard deviation s of k
runs of different first weights, a further one lies within m ± t s √(1 + 1/k), here 99.9 times out of 100
where the runs are normal (W. Meeker, G. Hahn, L. Escobar, "Statistical Intervals", 2nd ed., §4.8). As short
trainings are not quite normal, who is outside must besides have lost a third of the way from having learned
nothing to the reference's worst run: what a design may cost is no fault.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, sqrt
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.training_problem import Adam, Problem, Rule

__all__ = ["N_SEEDS", "QUANTILE", "Reference", "Run", "errors_of_perceptrons", "reference_of", "trained"]

N_SEEDS = 8
QUANTILE = 5.4079  # of Student's t with 7 degrees of freedom, 99.9 % on both sides
N_STEPS = 40
_SHARE = 1 / 3


@dataclass(frozen=True)
class Run:
    """What a training reached: the loss before and after."""

    first: float
    last: float


@dataclass(frozen=True)
class Reference:
    """What a reference reaches: less is better.

    Attributes:
        low, high: where one further run lies.
        worst: the worst of its runs.
        begin: where a run stands that has learned nothing.
        measure: "loss" or "errors".
    """

    low: float
    high: float
    worst: float
    begin: float
    measure: str = "loss"

    @property
    def learns(self) -> bool:
        """Whether all its runs have learned: else nothing can be held against it."""
        return isfinite(self.high) and self.worst < self.begin - 0.05 * abs(self.begin)

    def leaves_out(self, value: float) -> bool:
        """Say whether a run is worse than the reference by more than chance and design explain."""
        if not isfinite(value):
            return not value < 0
        return value > self.high and value > self.worst + _SHARE * (self.begin - self.worst)

    def holds(self, value: float) -> bool:
        """Say whether a run is as good as the reference."""
        return isfinite(value) and value <= max(self.high, self.worst)

    def told(self, got: float) -> dict[str, Any]:
        """Return the numbers of a finding."""
        low = max(0.0, self.low) if self.measure == "errors" or self.worst >= 0 else self.low
        return {"expected": f"{low:.3g} … {self.high:.3g}", "got": f"{got:.3g}"}


def reference_of(
    values: Sequence[float], begin: float, measure: str = "loss", step: float = 0.0
) -> Reference:
    """Return what runs reach.

    Args:
        values: what each has reached.
        begin: what a run reaches that learns nothing.
        measure: what the values are.
        step: by how much a value moves at least: half of it is added to the spread, in squares.
    """
    array = np.asarray(values, np.float64)
    if not np.isfinite(array).all():
        return Reference(-np.inf, np.inf, np.inf, begin, measure)
    spread = sqrt(float(array.var(ddof=1)) + step * step / 4)
    half = QUANTILE * spread * sqrt(1 + 1 / len(array))
    mean = float(array.mean())
    return Reference(mean - half, mean + half, float(array.max()), begin, measure)


def trained(
    network: Any,  # noqa: ANN401
    problem: Problem,
    rule: Rule | None = None,
    n_steps: int = N_STEPS,
    gradient: Callable[[Mapping[Any, Array]], Mapping[Any, Array]] | None = None,
) -> Run:
    """Train a network of the book's form, which is changed, on all samples at once.

    Args:
        network: with `params`, `loss` and `gradient`.
        problem: what it learns.
        rule: how parameters are moved; Adam where it is None.
        n_steps: how often.
        gradient: what gives the gradients at its parameters in the network's place.
    """
    rule, params = rule or Adam(), _floats(network.params)
    first = float(network.loss(problem.x.copy(), problem.t.copy()))
    for _ in range(n_steps):
        if gradient is not None:
            grads = gradient(params)
        else:
            grads = network.gradient(problem.x.copy(), problem.t.copy())
        rule(params, grads)
    return Run(first, float(network.loss(problem.x.copy(), problem.t.copy())))


def _floats(params: Mapping[Any, Any]) -> dict[Any, Array]:
    return {key: one for key, one in params.items() if isinstance(one, np.ndarray) and one.dtype.kind == "f"}


def errors_of_perceptrons(sizes: Sequence[int], problem: Problem, n_steps: int = N_STEPS) -> Reference:
    """Return the shares of errors that perceptrons with ReLU reach, `N_SEEDS` of them at once."""
    rng = np.random.default_rng(33)
    params: dict[Any, Array] = {}
    for n, (a, b) in enumerate(pairwise(sizes)):
        params["W", n] = rng.normal(0, np.sqrt(2 / (a + b)), (N_SEEDS, a, b))
        params["b", n] = np.zeros((N_SEEDS, 1, b))
    x, rule = problem.x.reshape(len(problem.x), -1), Adam()
    wanted = np.eye(sizes[-1])[problem.labels]
    for _ in range(n_steps):
        rule(params, _gradients(params, x, wanted))
    errors = (_scores(params, x)[-1].argmax(-1) != problem.labels).mean(axis=-1)
    return reference_of(errors.tolist(), problem.chance, "errors", 1 / len(x))


def _scores(params: Mapping[Any, Array], x: Array) -> list[Array]:
    """Return what goes into each layer, and the scores."""
    passed = [x]
    for n in range(len(params) // 2):
        out = passed[-1] @ params["W", n] + params["b", n]
        passed.append(np.maximum(out, 0) if 2 * n + 2 < len(params) else out)
    return passed


def _gradients(params: Mapping[Any, Array], x: Array, wanted: Array) -> dict[Any, Array]:
    passed = _scores(params, x)
    likely = np.exp(passed[-1] - passed[-1].max(-1, keepdims=True))
    d = (likely / likely.sum(-1, keepdims=True) - wanted) / len(x)
    grads: dict[Any, Array] = {}
    for n in reversed(range(len(params) // 2)):
        grads["W", n] = np.swapaxes(np.broadcast_to(passed[n], (len(d), *passed[n].shape[-2:])), 1, 2) @ d
        grads["b", n] = d.sum(axis=1, keepdims=True)
        if n:
            d = (d @ np.swapaxes(params["W", n], 1, 2)) * (passed[n] > 0)
    return grads
