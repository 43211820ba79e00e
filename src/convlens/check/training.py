"""The last question: a short training, held against what a reference reaches. Must not know files.

It is asked where nothing else is wrong: what a wrong gradient does to a training is known, and told better.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from convlens._typing import Array, IntArray
from convlens.check.lines import line_of
from convlens.check.names import Names
from convlens.check.outcome import Finding, Outcome
from convlens.check.probe import probe_of
from convlens.check.subject import Subject
from convlens.check.training_layer import AtLabels, layer_trainings, loss_trainings, trial_of_layer
from convlens.check.training_network import Trial, network_trainings
from convlens.check.training_optimizer import optimizer_trainings
from convlens.check.training_problem import TookTooLong, held
from convlens.check.training_steps import step_trainings
from convlens.errors import one_line

__all__ = ["with_layer_trained", "with_loss_trained", "with_network_trained", "with_optimizer_trained"]

_SECONDS = 3.0
_SLOW = 3.0  # milliseconds a step
Trainings = Callable[[], Iterator[Finding]]


def with_network_trained(outcome: Outcome, book: Any, kind: type, x: Array, t: IntArray) -> Outcome:  # noqa: ANN401
    """Return what is known of a network, and what its trainings show.

    Args:
        outcome: what is known; where something is wrong nothing is trained.
        book: the network in the book's form; it is left alone.
        kind: its class.
        x: a batch that it takes.
        t: its labels.
    """
    trial = Trial(book, kind, x, t)

    def trainings() -> Iterator[Finding]:
        yield from network_trainings(trial)
        yield from step_trainings(trial)

    return _with_training(outcome, trainings, trial.milliseconds)


def with_layer_trained(
    outcome: Outcome,
    layer: Any,  # noqa: ANN401
    x: Array,
    names: Names | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Outcome:
    """Return what is known of a layer, and what its trainings show, if it has parameters.

    Args:
        outcome: what is known.
        layer: the object; it is left alone.
        x: an input that it takes.
        names: how its methods and arrays are called.
        settings: what it was made with.
    """
    trials: list[Trial] = []

    def milliseconds() -> float:
        subject = Subject(layer, names, settings)
        x_there = probe_of(subject, x).x
        subject.pair_up(x_there)
        subject.notice_chance(x_there)
        trials.extend(one for one in [trial_of_layer(subject, x_there)] if one is not None)
        return trials[0].milliseconds() if trials else 0.0

    def trainings() -> Iterator[Finding]:
        return layer_trainings(trials[0]) if trials else iter(())

    trained = _with_training(outcome, trainings, milliseconds)
    return trained if trials else outcome


def with_loss_trained(outcome: Outcome, at_labels: AtLabels, kind: Any, name: str) -> Outcome:  # noqa: ANN401
    """Return what is known of a loss, and what a training by it shows, if its formula is not known.

    Args:
        outcome: what is known.
        at_labels: the loss.
        kind: where its code is.
        name: of its forward.
    """
    if outcome.kind:
        return outcome
    line = line_of(kind, name, "")
    return _with_training(outcome, lambda: loss_trainings(at_labels, line, name))


def with_optimizer_trained(
    outcome: Outcome,
    optimizer: Any,  # noqa: ANN401
    method: str,
    cls: Any,  # noqa: ANN401
) -> Outcome:
    """Return what is known of an optimizer, and what a descent shows.

    Args:
        outcome: what is known.
        optimizer: the object; it is left alone.
        method: what it steps with.
        cls: where its code is.
    """
    return _with_training(
        outcome, lambda: optimizer_trainings(optimizer, method, outcome.kind, outcome.name, cls)
    )


def _with_training(
    outcome: Outcome, trainings: Trainings, milliseconds: Callable[[], float] | None = None
) -> Outcome:
    """Return an outcome with one more question asked, or a remark why it is not."""
    if outcome.findings:
        return outcome
    try:
        with held(_SECONDS):
            taken = milliseconds() if milliseconds is not None else 0.0
            if taken > _SLOW:
                return _untrained(outcome, "slow", milliseconds=f"{taken:.2g}")
            found = next(trainings(), None)
    except TookTooLong:
        return _untrained(outcome, "slow", milliseconds=f"{1000 * _SECONDS:.0f}")
    except (Exception, SystemExit) as error:  # noqa: BLE001 (a stranger's)
        return _untrained(outcome, "ended", error=one_line(f"{type(error).__name__}: {error}"))
    if found is None:
        return replace(outcome, passed=(*outcome.passed, "training"))
    return replace(outcome, findings=(found,))


def _untrained(outcome: Outcome, why: str, **values: str) -> Outcome:
    return replace(outcome, untrained={"why": why, **values})
