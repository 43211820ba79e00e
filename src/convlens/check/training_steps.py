"""A network's own steps and trainings, held against plain gradient descent from the same weights.

Must not know files.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from convlens._typing import Array
from convlens.check.measuring import alike
from convlens.check.outcome import Finding
from convlens.check.training_network import Trial
from convlens.check.training_own import Own, called_with, is_rate, own_methods
from convlens.check.training_problem import Problem, Rule, Sgd, is_bounded
from convlens.check.training_reference import Reference, Run, reference_of, trained

__all__ = ["step_trainings"]

_RATES = (0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003)
_N_STEPS, _BATCH = 60, 8
_COMPARED = 3  # steps after which parameters are compared with what faults would make of them
_STILL = 3e-5  # of what a good rate gains: whose rate gains less is off by orders of magnitude


class _Went(NamedTuple):
    """What an own training did."""

    run: Run
    network: Any
    early: dict[Any, Array]
    """The parameters after a few steps."""

    seen: "_Seen | None" = None


def step_trainings(trial: Trial) -> Iterator[Finding]:
    """Yield what is wrong with the methods with which a network moves its parameters itself."""
    for own in own_methods(trial.owner):
        if own.is_whole and (trial.given is not None or not ("epochs" in own.takes or is_bounded())):
            continue
        if own.comes_after and "grads" in own.needed and trial.owner is not trial.book:
            continue
        found = next(_of_method(trial, own), None)
        if found is not None:
            yield found
            return


def _of_method(trial: Trial, own: Own) -> Iterator[Finding]:
    rate = _good_rate(trial)
    if rate is None:
        return
    runs = [trained(trial.made(start), trial.problem, Sgd(rate), _N_STEPS) for start in trial.usual_starts]
    reference = reference_of([run.last for run in runs], float(np.median([run.first for run in runs])))
    if not reference.learns:
        return
    if "rate" in own.takes:
        went = _went(trial, own, rate)
        yield from _judged(trial, own, went, reference, rate)
    if "rate" not in own.needed:
        went = _went(trial, own, None)
        yield from _judged_rate(trial, own, went, reference, rate)


def _good_rate(trial: Trial) -> float | None:
    """Return a rate with which plain gradient descent learns: one below the best, which may be an edge."""
    lasts = [trained(trial.made(trial.usual_starts[0]), trial.problem, Sgd(rate), 20).last for rate in _RATES]
    finite = [n for n, last in enumerate(lasts) if isfinite(last)]
    if not finite:
        return None
    best = min(finite, key=lambda n: lasts[n])
    return _RATES[min(best + 1, len(_RATES) - 1)]


def _went(trial: Trial, own: Own, rate: float | None) -> _Went:
    """Let a network train itself; with a rate, where one is given."""
    made, problem = trial.made(trial.usual_starts[0]), trial.problem
    first = float(made.loss(problem.x.copy(), problem.t.copy()))
    owner = getattr(made, "network", made)
    values: dict[str, Any] = {"epochs": _N_STEPS, "batch": _BATCH} | ({"rate": rate} if rate else {})
    seen, early = None, {}
    if own.is_whole:
        seen = _Seen(owner, problem)
        called_with(owner, own, {**values, "x": problem.x.copy(), "t": problem.t.copy()})
        seen.end()
    for n in range(0 if own.is_whole else _N_STEPS):
        grads = made.gradient(problem.x.copy(), problem.t.copy()) if own.comes_after else {}
        called_with(owner, own, {**values, "x": problem.x.copy(), "t": problem.t.copy(), "grads": grads})
        if n + 1 == _COMPARED:
            early = {key: np.array(one) for key, one in made.params.items()}
    last = float(made.loss(problem.x.copy(), problem.t.copy()))
    return _Went(Run(first, last), made, early, seen)


class _Seen:
    """Which samples a network's gradients are asked of while it trains, and with which classes.

    Args:
        owner: the network, whose methods are watched.
        problem: the samples.
    """

    def __init__(self, owner: Any, problem: Problem) -> None:  # noqa: ANN401
        self.owner, self.n_calls, self.n_mixed = owner, 0, 0
        self.rows: set[int] = set()
        self.places = {row.tobytes(): n for n, row in enumerate(np.asarray(problem.x, np.float64))}
        self.t = problem.t
        self.watched: list[str] = []
        for name in ("gradient", "gradients", "compute_gradients", "train_step", "train_batch", "backprop"):
            method = getattr(owner, name, None)
            if method is not None and hasattr(owner, "__dict__"):
                setattr(owner, name, partial(self._passed, method))
                self.watched.append(name)

    def _passed(self, method: Callable[..., Any], *args: Any, **named: Any) -> Any:  # noqa: ANN401
        given = [np.asarray(one) for one in (*args, *named.values()) if isinstance(one, np.ndarray | list)]
        if len(given) >= 2 and given[0].ndim and len(given[0]) == len(given[1]):
            self.n_calls += 1
            for row, t in zip(np.asarray(given[0], np.float64), given[1], strict=True):
                n = self.places.get(row.tobytes())
                if n is not None:
                    self.rows.add(n)
                    self.n_mixed += not np.array_equal(t, self.t[n])
        return method(*args, **named)

    def end(self) -> None:
        """Watch no longer."""
        for name in self.watched:
            delattr(self.owner, name)

    def causes(self) -> tuple[str, ...]:
        """Return the faults that were seen."""
        if self.n_calls < 4 or not self.rows:
            return ()
        if self.n_mixed > self.n_calls:
            return ("labels_shuffled",)
        return ("one_batch",) if len(self.rows) <= len(self.t) / 2 else ()


def _finding(trial: Trial, own: Own, causes: tuple[str, ...], numbers: Mapping[str, Any],
             target: str = "update") -> Finding:  # fmt: skip
    return Finding("training", target, causes, own.name, trial.line(own.name), **numbers,
                   detail={"what": "update"})  # fmt: skip


def _judged(trial: Trial, own: Own, went: _Went, reference: Reference, rate: float) -> Iterator[Finding]:
    """Yield what is wrong with a training at a given rate."""
    numbers = reference.told(went.run.last)
    proven = (went.seen.causes() if went.seen is not None else ()) or tuple(_proven(trial, went, rate))
    if proven or reference.leaves_out(went.run.last):
        causes = proven or tuple(chain(_causes(trial, went, rate), _causes_of_whole(trial, own, went, rate)))
        yield _finding(trial, own, causes, numbers)
    yield from _left_out(trial, own, went, numbers)


def _judged_rate(trial: Trial, own: Own, went: _Went, reference: Reference, rate: float) -> Iterator[Finding]:
    """Yield what is wrong with a training at its own rate, which may be any within all proportion."""
    first, last = went.run.first, went.run.last
    numbers = reference.told(last)
    seen = went.seen.causes() if went.seen is not None else ()
    if seen:
        yield _finding(trial, own, seen, numbers)
    yield from _left_out(trial, own, went, numbers)
    gained = (first - last) / (first - reference.worst)
    if isfinite(last) and gained > _STILL:
        return
    causes = tuple(_causes_of_rate(trial, own, went, rate))
    causes = causes or tuple(_mended(trial, own, went, reference, rate))
    yield _finding(trial, own, causes, numbers)


def _left_out(trial: Trial, own: Own, went: _Went, numbers: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield parameters that were never moved, though the loss depends on them."""
    start, problem = trial.usual_starts[0], trial.problem
    grads = trial.made(start).gradient(problem.x.copy(), problem.t.copy())
    after = went.network.params
    sloped = [key for key in start if np.abs(np.asarray(grads[key], float)).max() > 1e-8]
    still = [key for key in sloped if key in after and np.array_equal(after[key], start[key])]
    if not still:
        return
    target = "every" if len(still) == len(start) else str(still[0])
    yield _finding(trial, own, ("left_out",), numbers, target)


def _proven(trial: Trial, went: _Went, rate: float) -> Iterator[str]:
    """Yield the faults with which gradient descent has the same parameters after a few steps.

    None of these is a way to learn, though a short training may get along with it.
    """
    rules: dict[str, Rule] = {
        "sign": Sgd(-rate),
        "rate_twice": Sgd(rate * rate),
        "rate_forgotten": Sgd(1.0),
        "added_up": _AddedUp(rate),
        "replaced": _Replaced(rate),
    }
    for cause, rule in rules.items():
        if went.early and _is_path(trial, went.early, rule):
            yield cause


def _causes(trial: Trial, went: _Went, rate: float) -> Iterator[str]:
    """Yield what explains a training that is too slow, or that goes nowhere."""
    n = len(trial.problem.x)
    if any(went.early and _is_path(trial, went.early, Sgd(rate * share)) for share in (1 / n, float(n))):
        yield "batch"
    if _is_detached(trial, went):
        yield "detached"


def _is_path(trial: Trial, early: Mapping[Any, Array], rule: Rule) -> bool:
    """Say whether a rule leads to these parameters."""
    made = trial.made(trial.usual_starts[0])
    trained(made, trial.problem, rule, _COMPARED)
    return all(alike(np.asarray(one, float), np.asarray(early[key], float), 1e-6)
               for key, one in made.params.items() if key in early)  # fmt: skip


class _AddedUp(Sgd):
    """Gradients that are added to those before, and never cleared."""

    def __init__(self, rate: float) -> None:
        super().__init__(rate)
        self.sums: dict[Any, Array] = {}

    def __call__(self, params: Mapping[Any, Array], grads: Mapping[Any, Array]) -> None:
        for key in params:
            self.sums[key] = self.sums.get(key, 0.0) + np.array(grads[key])
        super().__call__(params, self.sums)


class _Replaced(Sgd):
    """Steps that are put in place of parameters."""

    def __call__(self, params: Mapping[Any, Array], grads: Mapping[Any, Array]) -> None:
        for key, array in params.items():
            array[...] = -self.rate * np.asarray(grads[key])


def _is_detached(trial: Trial, went: _Went) -> bool:
    """Say whether parameters were moved that the loss does not use, as it does in a fresh copy."""
    problem, start = trial.problem, trial.usual_starts[0]
    moved = {key: np.asarray(went.network.params[key], float) for key in start}
    if went.run.first != went.run.last or any(one.shape != start[key].shape for key, one in moved.items()):
        return False
    return float(trial.made(moved).loss(problem.x.copy(), problem.t.copy())) != went.run.last


def _causes_of_rate(trial: Trial, own: Own, went: _Went, rate: float) -> Iterator[str]:
    """Yield whether it is plain gradient descent at a rate that is far too small or large, or negative."""
    if own.is_whole:
        return
    start, problem = trial.usual_starts[0], trial.problem
    made = trial.made(start)
    grads = made.gradient(problem.x.copy(), problem.t.copy())
    slope = np.concatenate([np.asarray(grads[key], float).reshape(-1) for key in start])
    owner = getattr(made, "network", made)
    called_with(owner, own, {"x": problem.x.copy(), "t": problem.t.copy(), "grads": grads})
    way = np.concatenate([(start[key] - made.params[key]).reshape(-1) for key in start])
    found = float(way @ slope) / max(float(slope @ slope), 1e-300)
    if found and alike(way, found * slope, 1e-4):
        yield "sign" if found < 0 else ("rate_small" if found < rate else "rate_large")
    elif _is_detached(trial, went):
        yield "detached"


def _mended(trial: Trial, own: Own, went: _Went, reference: Reference, rate: float) -> Iterator[str]:
    """Yield whether it learns with a good rate: as an argument, or as an attribute of its own."""
    if "rate" in own.takes:
        mended = _went(trial, own, rate)
    else:
        other = copy.copy(trial)
        other.book = copy.deepcopy(trial.book)
        held = vars(other.owner) if hasattr(other.owner, "__dict__") else {}
        rates = [name for name, one in held.items() if is_rate(name) and isinstance(one, float)]
        if not rates:
            return
        setattr(other.owner, rates[0], rate)
        mended = _went(other, own, None)
    if not reference.leaves_out(mended.run.last):
        yield "rate_small" if went.run.last <= went.run.first else "rate_large"


def _causes_of_whole(trial: Trial, own: Own, went: _Went, rate: float) -> Iterator[str]:
    """Yield the faults with which trainings of the reference reach the same loss."""
    if not own.is_whole or not isfinite(went.run.last):
        return
    rng, problem = np.random.default_rng(36), trial.problem

    def shuffled(made: Any) -> Run:  # noqa: ANN401
        for _ in range(_N_STEPS):
            trained(made, problem.told(rng.permutation(problem.labels)), Sgd(rate), len(problem.x) // _BATCH)
        return trained(made, problem, Sgd(rate), 0)

    def on_one(made: Any) -> Run:  # noqa: ANN401
        trained(made, problem.some(slice(_BATCH)), Sgd(rate), _N_STEPS * len(problem.x) // _BATCH)
        return trained(made, problem, Sgd(rate), 0)

    def upwards(made: Any) -> Run:  # noqa: ANN401
        return trained(made, problem, Sgd(-rate), _N_STEPS)

    def slowly(made: Any) -> Run:  # noqa: ANN401
        return trained(made, problem, Sgd(rate / 1000), _N_STEPS)

    faults = {"labels_shuffled": shuffled, "one_batch": on_one, "sign": upwards, "rate_small": slowly}
    fits = []
    for cause, train in faults.items():
        lasts = [train(trial.made(copy.deepcopy(start))).last for start in trial.usual_starts]
        faulty = reference_of(lasts, 0.0)
        if isfinite(faulty.worst) and faulty.low <= went.run.last <= faulty.high:
            fits.append(cause)
    if len(fits) == 1:
        yield fits[0]
