"""Everything that is to be checked in one file, in this process. Must not know processes.

Run in one of its own (`isolated.py`): it runs what somebody else wrote.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from convlens.check.blame import Unread
from convlens.check.forms import is_network
from convlens.check.functions import Functions, functions_of
from convlens.check.known_names import StandsFor
from convlens.check.layer import layer_outcome
from convlens.check.loss import check_loss, gives_a_number, options_of
from convlens.check.making import Made, is_loss, made, n_inputs
from convlens.check.methods import called_by
from convlens.check.names import Names
from convlens.check.network import check_network
from convlens.check.network_making import made_alone, made_network
from convlens.check.optimizer import METHODS, check_optimizer, takes_gradients
from convlens.check.outcome import CHECKS, Finding, Outcome
from convlens.check.slopes import Sloped
from convlens.check.source import defined, read_source
from convlens.check.steppers import stepper_of
from convlens.check.told import Told
from convlens.check.training import with_layer_trained
from convlens.errors import ConvlensError, one_line

_ROWS = np.random.default_rng(3).normal(size=(3, 12)), np.array([2, 0, 4])

__all__ = ["Submission", "examined", "merged"]


@dataclass(frozen=True)
class Submission:
    """What was found in a file.

    Attributes:
        file: its path.
        outcomes: one a class that was checked.
        not_made: class → why no object of it could be made.
        cells: of a notebook: line → cell and line within it.
        ended: why the file could not be checked, as the key of a text; "" where it was.
        values: what that text needs.
    """

    file: str
    outcomes: tuple[Outcome, ...] = ()
    not_made: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    ended: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        """Whether anything is wrong: a finding, or an end before its time."""
        return bool(self.ended) or any(not one.ok for one in self.outcomes)

    def text(self, lang: str = "en", hint: str = "short") -> str:
        """Return it as lines for a reader.

        Args:
            lang: "en", "ko" or "ja".
            hint: "short" says where to look, "full" what to write.
        """
        from convlens.check.telling import submission_text  # noqa: PLC0415 (it needs this module)

        return submission_text(self, lang, hint)

    def __str__(self) -> str:
        return self.text()

    def to_dict(self) -> dict[str, Any]:
        """Return it as data for JSON."""
        return {
            "file": self.file,
            "wrong": self.is_wrong,
            "outcomes": [one.to_dict() for one in self.outcomes],
            "not_made": dict(self.not_made),
            "cells": {str(line): list(place) for line, place in self.cells.items()},
            "ended": self.ended,
            "values": dict(self.values),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Submission":
        """Return what `to_dict` gave."""
        cells = {int(line): (int(place[0]), int(place[1])) for line, place in data["cells"].items()}
        outcomes = tuple(map(Outcome.from_dict, data["outcomes"]))
        texts = {
            key: {str(name): str(one) for name, one in data[key].items()} for key in ("not_made", "values")
        }
        return cls(str(data["file"]), outcomes, texts["not_made"], cells, str(data["ended"]), texts["values"])


def examined(path: Path, only: str | None, told: Mapping[str, Told]) -> Submission:
    """Return what is wrong in a file.

    Args:
        path: a .py file, or a notebook.
        only: the one class to check; None for all.
        told: what `check.toml` says, by class.
    """
    np.random.seed(0)  # noqa: NPY002 (weights that a stranger draws are the same each time)
    source = read_source(path)
    try:
        module = defined(source)
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        where = f"line {line}: " if line else ""
        return Submission(str(path), ended="with_error", values={"error": f"{where}{one_line(error)}"})
    outcomes: list[Outcome] = []
    not_made: dict[str, str] = {}
    for name, check in _checks(module, only, told):
        try:
            outcome = check()
        except Unread as unread:
            if "NotImplementedError" not in str(unread):  # it only says what others must write
                not_made[name] = str(unread)
            continue
        except (Exception, SystemExit) as error:  # noqa: BLE001 (a stranger's)
            not_made[name] = one_line(f"{type(error).__name__}: {error}")
            continue
        foreign = [one for one in outcome.findings if one.check == "raises" and one.line is None]
        if foreign and len(foreign) == len(outcome.findings):  # no line of the file took part
            not_made[name] = foreign[0].detail["error"]
            continue
        outcomes.append(outcome)
    return Submission(str(path), tuple(outcomes), not_made, source.cells)


def _checks(
    module: ModuleType, only: str | None, told: Mapping[str, Told]
) -> Iterator[tuple[str, Callable[[], Outcome]]]:
    """Yield what is to be checked in a file: its classes, then its functions; name and check."""
    for cls in _classes(module, only):
        named = told.get(cls.__name__, Told())
        if cls.__name__ not in told:
            named = Told(names=called_by(cls, named.names))
        check = _check_of(cls, named)
        if check is not None:
            yield cls.__name__, partial(check, cls, named)
    for one in functions_of(module, only):
        yield one.name, partial(_of_functions, one, told.get(one.name, Told()))


def _classes(module: ModuleType, only: str | None) -> Iterator[type]:
    """Yield the classes that a file defines itself, in its order."""
    for name, thing in list(vars(module).items()):
        is_own = inspect.isclass(thing) and thing.__module__ == module.__name__ and thing.__name__ == name
        if is_own and only in {None, name}:
            yield thing


def _method(cls: type, names: tuple[str, ...]) -> Any:  # noqa: ANN401
    """Return the first of these methods that a class has: a function, not what every class has."""
    return next(
        (one for one in (getattr(cls, name, None) for name in names) if inspect.isfunction(one)), None
    )


def _check_of(cls: type, told: Told) -> Callable[[type, Told], Outcome] | None:
    """Return what checks a class: one for layers, losses, networks or optimizers; None where it is none."""
    forward = _method(cls, told.names.forward)
    if is_network(cls):
        return _of_network
    if forward is not None and _method(cls, told.names.backward) is not None:
        if is_loss(cls, forward):
            return _of_loss
        if n_inputs(forward) == 2 and gives_a_number(cls, told.names):
            return _of_loss
        return _of_layer if n_inputs(forward) <= 1 else None  # a sum or a product of two arrays is neither
    update = _method(cls, METHODS)
    if update is not None and takes_gradients(update):
        return _of_optimizer
    return _of_stepper if stepper_of(cls) is not None else None


def _of_functions(one: Functions, told: Told) -> Outcome:
    if one.sort == "loss":
        return _readable(check_loss(one.make()), told)
    if one.sort == "network":
        return _readable(check_network(one.make(), *_ROWS), told)
    if one.sort == "slope":
        return _of_slope(one.make())
    if one.sort == "optimizer":
        return _readable(check_optimizer(one.make()), told)
    return _of_made(made(one.make, one.name, told.names, _said(told)), told)


def _of_slope(stands_for: StandsFor) -> Outcome:
    """Return what is wrong with a slope, asked of the input or of the output: the one under which less is."""
    x = np.random.default_rng(3).normal(size=(3, 7))
    found = [layer_outcome(Sloped(stands_for, of_output=last), x) for last in (False, True)]
    return _readable(min(found, key=lambda one: (not one.ok, not one.causes)), Told())


def _of_loss(cls: type, told: Told) -> Outcome:
    every = [check_loss(cls(**settings), told.names) for settings in options_of(cls, told)]
    return _readable(merged(every), told)


def _of_optimizer(cls: type, told: Told) -> Outcome:
    return _readable(check_optimizer(made_alone(cls, told)), told)


def _of_stepper(cls: type, told: Told) -> Outcome:
    return _readable(check_optimizer(stepper_of(cls)), told)


def _of_network(cls: type, told: Told) -> Outcome:
    network, x, labels = made_network(cls, told)
    found = []
    for t in labels:
        found.append(check_network(network, x, t))
        if found[-1].ok:
            return found[-1]
    return _readable(min(found, key=lambda one: (_raises(one), len(one.findings))), told)


def _said(told: Told) -> Told | None:
    return told if told.arguments is not None or told.input else None


def _of_layer(cls: type, told: Told) -> Outcome:
    try:
        return _of_made(made(cls, cls.__name__, told.names, _said(told)), told)
    except Unread:
        for name, held in vars(cls).items():  # it may have other ways to be made
            if isinstance(held, classmethod) and not name.startswith("_") and _said(told) is None:
                with suppress(Unread):
                    return _of_made(made(getattr(cls, name), cls.__name__, told.names), told)
        raise


def _of_made(ways: Iterator[list[Made]], told: Told) -> Outcome:
    """Return what is wrong with a layer in all its geometries, made in the way in which least is wrong."""
    found: list[Outcome] = []
    made_so: list[Made] = []
    for every in ways:
        outcomes = [(one, _checked(one, told.names)) for one in every]
        first = next((one.x.ndim for one, said in outcomes if not _raises(said)), every[0].x.ndim)
        outcome = merged([said for one, said in outcomes if one.x.ndim == first or not _raises(said)])
        notes = dict.fromkeys((*outcome.notes, *(key for one in every for key in one.notes)))
        found.append(replace(outcome, notes=tuple(notes)))
        made_so.append(every[0])
        if not _doubt(found[-1]):
            break
    least, one = min(zip(found, made_so, strict=True), key=lambda pair: _doubt(pair[0]))
    return with_layer_trained(_readable(least, told), one.thing, one.x, told.names, one.settings)


def _readable(outcome: Outcome, told: Told) -> Outcome:
    """Return an outcome that may accuse: an error of a call that was guessed, and not told, may not.

    Raises:
        Unread: all that is wrong is such an error.
    """
    wrong = outcome.findings
    is_told = told.arguments is not None or bool(told.input)
    is_guessed = wrong and all(one.check == "raises" and "own" not in one.detail for one in wrong)
    is_excused = any("guessed" in one.detail for one in wrong)
    if is_guessed and not is_told and (not outcome.kind or is_excused or wrong[0].method in METHODS):
        raise Unread(None, wrong[0].detail["error"], wrong[0].line)
    return outcome


def _doubt(outcome: Outcome) -> int:
    """Return how much of a forward is not understood: it was made in another way than it is meant."""
    return sum(
        not one.causes and (one.check == "forward" or (one.check == "raises" and one.target == "output"
                                                       and not one.method.startswith("back")))
        for one in outcome.findings
    )  # fmt: skip


def _raises(outcome: Outcome) -> bool:
    """Say whether an input of another kind was more than the class was made for."""
    return any(one.check == "raises" for one in outcome.findings)


def _checked(one: Made, names: Names) -> Outcome:
    try:
        outcome = layer_outcome(one.thing, one.x, names, one.settings)
    except ConvlensError as error:
        raise TypeError(str(error)) from error
    if one.is_by_word:
        found = tuple(said for said in outcome.findings if said.check == "gradient")
        return replace(outcome, findings=found)
    return outcome


def merged(outcomes: list[Outcome]) -> Outcome:
    """Return what was found in several geometries of one class as one outcome.

    What fits several causes in one geometry may fit fewer in the next: those stay that fit each time.
    """
    found: list[Finding] = []
    for finding in (one for outcome in outcomes for one in outcome.findings):
        at, common = next(
            ((n, both) for n, one in enumerate(found) if (both := _common(one, finding)) is not None),
            (-1, ()),
        )
        if at < 0:
            found.append(finding)
        else:
            found[at] = replace(found[at], causes=common)
    findings = sorted(found, key=lambda one: CHECKS.index(one.check))
    wrong = {one.check for one in findings}
    passed = [
        check for check in CHECKS if check not in wrong and all(check in one.passed for one in outcomes)
    ]
    kind = next((one.kind for one in outcomes if one.kind), "")
    notes = dict.fromkeys(key for one in outcomes for key in one.notes if key != "unknown" or not kind)
    return Outcome(outcomes[0].name, kind, tuple(findings), tuple(passed), tuple(notes))


def _common(one: Finding, other: Finding) -> tuple[str, ...] | None:
    """Return the causes that two findings leave; None where they are of two things.

    Two causes that exclude each other are two faults: one shows at ties, another where windows overlap.
    """
    if (one.check, one.target, one.detail.get("at")) != (other.check, other.target, other.detail.get("at")):
        return None
    if not one.causes or not other.causes:
        return one.causes or other.causes
    return tuple(key for key in one.causes if key in other.causes) or None
