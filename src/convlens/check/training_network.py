"""Short trainings of a network that somebody wrote: what only they show. Must not know files.

Its gradient is right, or it is not asked: the reference is the network itself, with first weights of the
usual size, moved by Adam. Held against it are its own first weights, and one object that is kept through a
training; its answers are held against what perceptrons of its sizes reach.
"""

import copy
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.forms import FORWARDS, n_needed
from convlens.check.lines import start_of
from convlens.check.measuring import alike
from convlens.check.outcome import Finding
from convlens.check.training_problem import Adam, Problem, antipodes, clouds
from convlens.check.training_reference import (
    N_SEEDS,
    Reference,
    Run,
    errors_of_perceptrons,
    reference_of,
    trained,
)

__all__ = ["Trial", "kept_trainings", "network_trainings"]

_SIZES = (1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.25, 0.25)
"""Of the usual weights: what the reference's runs begin with."""

_HUGE = 4.0  # times what is usual: of weights; of biases, times 1
_SMALL = 0.5
_SLOW_RATE, _MANY = 0.003, 300
_ANSWERS = ("predict", "scores", "predict_proba", *FORWARDS)


@dataclass
class Trial:
    """A network to be trained, through copies.

    Args:
        book: the network, in the book's form.
        kind: its class.
        x, t: a batch that it takes.
        given: what it learns; made to fit where it is None.
    """

    book: Any
    kind: Any
    x: Array
    t: Array
    given: Problem | None = None

    @property
    def owner(self) -> Any:  # noqa: ANN401
        """The object that somebody wrote."""
        return getattr(self.book, "network", self.book)

    def line(self, method: str) -> int | None:
        """Return on which line of its file a method begins."""
        return start_of(self.kind, method)

    @property
    def loss_name(self) -> str:
        """What its loss is called."""
        return str(getattr(self.book, "loss_name", "loss"))

    @cached_property
    def problem(self) -> Problem:
        """What it learns."""
        if self.given is not None:
            return self.given
        shape = self.x.shape[1:]
        if self.t.ndim == 2 and self.t.shape[1] > 1:
            return clouds(shape, self.t.shape[1], self.t)
        scores = _scores(self.book, self.x)
        if scores is None:
            return clouds(shape, max(2, int(self.t.max()) + 1), self.t)
        is_one = scores.ndim == 1 or scores.shape[1] == 1
        if is_one and scores.dtype.kind in "iu":
            return clouds(shape, 3, self.t)
        return clouds(shape, 2 if is_one else scores.shape[1], self.t)

    @cached_property
    def starts(self) -> list[dict[Any, Array]]:
        """First weights of the usual sizes, one set for each run of the reference."""
        rng = np.random.default_rng(34)
        return [{key: size * _usual(one) * rng.normal(size=one.shape) if _is_weights(one) else _small(one)
                 for key, one in self.params.items()} for size in _SIZES]  # fmt: skip

    @cached_property
    def usual_starts(self) -> list[dict[Any, Array]]:
        """First weights of the usual size: what its own steps are tried from."""
        rng = np.random.default_rng(37)
        return [{key: _usual(one) * rng.normal(size=one.shape) if _is_weights(one) else _small(one)
                 for key, one in self.params.items()} for _ in range(N_SEEDS)]  # fmt: skip

    @cached_property
    def params(self) -> dict[Any, Array]:
        """Its own first weights."""
        found = {key: one.copy() for key, one in self.book.params.items() if isinstance(one, np.ndarray)}
        return {key: one for key, one in found.items() if one.dtype.kind == "f"}

    def made(self, start: Mapping[Any, Array] | None = None) -> Any:  # noqa: ANN401
        """Return a copy of the network, with other first weights."""
        made = copy.deepcopy(self.book)
        params = made.params
        for key, array in (start or {}).items():
            params[key][...] = array
        return made

    def run(self, start: Mapping[Any, Array] | None = None, problem: Problem | None = None,
            sign: float = 1.0) -> tuple[Run, Any]:  # fmt: skip
        """Train a copy, and return it, too."""
        made, problem = self.made(start), problem or self.problem
        return trained(made, problem, Adam(sign * 0.03)), made

    @cached_property
    def first_run(self) -> tuple[Run, Any]:
        """The first of the reference's trainings."""
        return self.run(self.starts[0])

    @cached_property
    def runs(self) -> list[tuple[Run, Any]]:
        """The reference's trainings."""
        return [self.first_run, *(self.run(start) for start in self.starts[1:])]

    @cached_property
    def reference(self) -> Reference:
        """The losses that they reach."""
        begin = float(np.median([run.first for run, _ in self.runs]))
        return reference_of([run.last for run, _ in self.runs], begin)

    def milliseconds(self) -> float:
        """Return how long a step takes."""
        made, taken = self.made(), []
        for _ in range(3):
            before = time.thread_time()
            made.gradient(self.problem.x.copy(), self.problem.t.copy())
            taken.append(time.thread_time() - before)
        return 1000 * min(taken)


def network_trainings(trial: Trial) -> Iterator[Finding]:
    """Yield what its trainings show: one thing at most, the first that explains all others."""
    reference = trial.reference
    yield from _answers(trial)
    if not reference.learns:
        return
    yield from kept_trainings(trial)
    own, _ = trial.run()
    if reference.leaves_out(own.last):
        yield Finding("training", "start", _causes_of_start(trial), "__init__", trial.line("__init__"),
                      **reference.told(own.last), detail={"what": "start"})  # fmt: skip


def _is_weights(array: Array) -> bool:
    return sum(n > 1 for n in array.shape) > 1


def _usual(array: Array) -> float:
    """Return the size with which weights usually begin: Glorot and Bengio's, whichever way they lie."""
    if array.ndim == 2:
        return float(np.sqrt(2 / sum(array.shape)))
    return float(np.sqrt(2 * array.shape[0] / array.size))


def _small(array: Array) -> Array:
    """Return what biases and scales begin with: what they have where that is small, scales of 1 too, or 0."""
    is_usual = (array == 1).all() or np.abs(array).max() <= _SMALL
    return array.copy() if is_usual else np.zeros(array.shape)


def _scores(book: Any, x: Array) -> Array | None:  # noqa: ANN401
    """Return what a network answers, a row or a number for each sample; None where it gives no such array."""
    owner = getattr(book, "network", book)
    for name in _ANSWERS:
        method = getattr(owner, name, None)
        with suppress(Exception):  # a stranger's
            if method is not None and n_needed(method) == 1:
                given = np.asarray(method(x.copy()))
                if given.ndim in {1, 2} and len(given) == len(x) and given.dtype.kind in "biuf":
                    return given
    return None


def errors_of(book: Any, problem: Problem) -> float | None:  # noqa: ANN401
    """Return the share of samples that a network gets wrong; None where it gives no answers."""
    scores = _scores(book, problem.x)
    if scores is None or not np.isfinite(scores).all():
        return None if scores is None else problem.chance
    if scores.ndim == 2 and scores.shape[1] > 1:
        return float((scores.argmax(axis=1) != problem.labels).mean())
    flat = scores.reshape(-1)
    if flat.dtype.kind in "iub" or problem.n_classes > 2:
        return float((flat != problem.labels).mean())
    return min(float(((flat > cut) != problem.labels).mean()) for cut in (0.0, 0.5))


def _answers(trial: Trial) -> Iterator[Finding]:
    """Yield where its answers stay wrong, however small its loss becomes."""
    problem, found = trial.problem, [errors_of(made, trial.problem) for _, made in trial.runs]
    known = [one for one in found if one is not None]
    other = problem.told((problem.labels + 1) % problem.n_classes)
    losses = [trial.made().loss(one.x.copy(), one.t.copy()) for one in (problem, other)]
    if len(known) < N_SEEDS or losses[0] == losses[1]:  # it does not look at the labels
        return
    name = next(name for name in _ANSWERS if hasattr(trial.owner, name))
    sizes = sizes_of(trial.params, problem)
    reference, got = errors_of_perceptrons(sizes, problem), float(np.median(known))
    if reference.leaves_out(got):
        causes = tuple(_causes_of_answers(trial, reference))
        if not causes and _learns_slowly(trial, reference):
            return
        said = trial.loss_name if "upside_down" in causes else name
        yield Finding("training", "answers", causes, said, trial.line(said), **reference.told(got),
                      detail={"what": "answers"})  # fmt: skip
    elif len(sizes) > 2 and _is_straight(trial):
        yield from _bends(trial, sizes, name)


def _learns_slowly(trial: Trial, reference: Reference) -> bool:
    """Say whether its answers become right in many more steps, which are smaller."""
    made = trial.made(trial.starts[0])
    trained(made, trial.problem, Adam(_SLOW_RATE), _MANY)
    found = errors_of(made, trial.problem)
    return found is not None and not reference.leaves_out(found)


def sizes_of(params: Mapping[Any, Array], problem: Problem) -> list[int]:
    """Return the sizes of a perceptron's layers, as its matrices tell, or of one without hidden ones."""
    sizes = [problem.x[0].size]
    n = problem.n_classes
    for one in params.values():
        if not _is_weights(one):
            continue
        if one.ndim != 2 or sizes[-1] not in one.shape:
            return [sizes[0], n]
        sizes.append(one.shape[1] if one.shape[0] == sizes[-1] else one.shape[0])
    return sizes if len(sizes) > 1 and sizes[-1] == n else [sizes[0], n]


def _causes_of_answers(trial: Trial, reference: Reference) -> Iterator[str]:
    """Yield the faults with which right answers come: the loss turned over, or the classes moved on."""
    problem = trial.problem
    turned = errors_of(trial.run(trial.starts[0], sign=-1.0)[1], problem)
    if turned is not None and reference.holds(turned):
        yield "upside_down"
    for step in (1, problem.n_classes - 1) if problem.n_classes > 2 else ():
        moved = problem.told((problem.labels + step) % problem.n_classes)
        errors = [errors_of(made, moved) for _, made in trial.runs]
        if reference.holds(float(np.median([1.0 if one is None else one for one in errors]))):
            yield "labels_moved"
            return


def _is_straight(trial: Trial) -> bool:
    """Say whether the scores are a flat function of the input, though there are hidden layers with biases."""
    biases = sum(not _is_weights(one) for one in trial.params.values())
    if trial.x.ndim != 2 or biases < sum(map(_is_weights, trial.params.values())):
        return False
    x, made = trial.problem.x, trial.made(trial.starts[0])
    found = [_scores(made, one) for one in (x, x[::-1], (x + x[::-1]) / 2)]
    one, other, between = (np.zeros((1, 1)) if scores is None else scores for scores in found)
    if one.ndim == 2 and np.allclose(one.sum(axis=1), 1):
        parts = [np.log(scores + 1e-300) for scores in (one, other, between)]
        one, other, between = (part - part.mean(axis=1, keepdims=True) for part in parts)
    return one.size > 1 and alike((one + other) / 2, between, 1e-9)


def _bends(trial: Trial, sizes: list[int], name: str) -> Iterator[Finding]:
    """Yield where classes that no plane parts are not learned, though there are hidden layers."""
    problem = antipodes(trial.x.shape[1:], trial.problem.n_classes, trial.t)
    reference = errors_of_perceptrons(sizes, problem, 150)
    found = [errors_of(trial.run(start, problem)[1], problem) for start in trial.starts[:3]]
    got = float(np.median([1.0 if one is None else one for one in found]))
    if reference.learns and reference.leaves_out(got):
        yield Finding("training", "answers", ("straight",), name, trial.line(name), **reference.told(got),
                      detail={"what": "answers"})  # fmt: skip


def kept_trainings(trial: Trial) -> Iterator[Finding]:
    """Yield where one object that is kept learns less than a fresh one at each step would."""
    start, problem = trial.starts[0], trial.problem
    fresh = [_fresh(trial, start)]
    if alike(np.array(fresh[0].last), np.array(trial.first_run[0].last), 1e-6):
        return
    fresh += [_fresh(trial, start) for start in trial.starts[1:]]
    reference = reference_of([run.last for run in fresh], fresh[0].first)
    got = float(np.median([run.last for run, _ in trial.runs]))
    if reference.learns and reference.leaves_out(got):
        name = str(getattr(trial.book, "gradient_name", "gradient"))
        made = trial.made(start)
        first = {key: np.array(one) for key, one in made.gradient(problem.x, problem.t).items()}
        for _ in range(3):
            last = made.gradient(problem.x, problem.t)
        grows = all(np.abs(last[key]).sum() > 1.5 * np.abs(one).sum() for key, one in first.items())
        yield Finding("training", "kept", ("added_up",) if grows else (), name, trial.line(name),
                      **reference.told(got), detail={"what": "kept"})  # fmt: skip


def _fresh(trial: Trial, start: Mapping[Any, Array]) -> Run:
    """Return what a training reaches in which each step is asked of a fresh copy."""
    problem = trial.problem
    return trained(trial.made(start), problem, gradient=lambda params: trial.made(params).gradient(
        problem.x.copy(), problem.t.copy()))  # fmt: skip


def _causes_of_start(trial: Trial) -> tuple[str, ...]:
    """Return what is wrong with its first weights: it learns once this is mended."""
    rng = np.random.default_rng(35)
    weights = {key: one for key, one in trial.params.items() if _is_weights(one)}
    usual = {key: _usual(one) for key, one in weights.items()}
    size = {key: float(np.sqrt((one**2).mean())) for key, one in weights.items()}
    mended: dict[str, dict[Any, Array]] = {
        "begun_alike": {key: one + 0.5 * usual[key] * rng.normal(size=one.shape)
                        for key, one in weights.items() if _is_alike(one)},
        "begun_large": {key: one * (usual[key] / size[key]) for key, one in weights.items()
                        if size[key] > _HUGE * usual[key]},
        "begun_biased": {key: np.zeros(one.shape) for key, one in trial.params.items()
                         if not _is_weights(one) and np.abs(one).max() > _HUGE},
    }  # fmt: skip
    return tuple(cause for cause, start in mended.items() if start and _learns_from(trial, start))


def _is_alike(weights: Array) -> bool:
    """Say whether all units have the same weights, whichever way these lie."""
    return min(float(np.ptp(weights, axis=axis).max()) for axis in (0, 1)) == 0


def _learns_from(trial: Trial, start: Mapping[Any, Array]) -> bool:
    return trial.reference.holds(trial.run({**trial.params, **start})[0].last)
