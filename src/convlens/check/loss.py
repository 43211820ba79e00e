"""`check_loss`: a loss that somebody wrote, for class numbers and for one-hot rows. Must not know files."""

import copy
import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.check.gradients import gradient_findings, matching, worst
from convlens.check.guessing import bare, parameters_of
from convlens.check.known.loss import KnownLoss, known_losses
from convlens.check.known_names import StandsFor
from convlens.check.lines import line_of, start_of
from convlens.check.measuring import alike, spread
from convlens.check.names import Names
from convlens.check.outcome import CHECKS, Finding, Outcome
from convlens.check.probe import Probe, rounding
from convlens.check.saying import says_column
from convlens.check.state import left_behind, state_findings
from convlens.check.subject import Broken, Subject
from convlens.check.told import Told
from convlens.check.training import with_loss_trained
from convlens.errors import UsageError

__all__ = ["check_loss", "gives_a_number", "loss_outcome", "options_of"]

_LABELS = {"t", "y", "target", "targets", "labels", "label", "y_true"}
_N, _CLASSES = 4, 3  # different, so that labels in the wrong form do not fit by chance
_TITLES = ((r"softmax", "softmax_loss"), (r"cross_?entropy", "cross_entropy"),
           (r"squared|mse|l2", "squared_error"))  # fmt: skip
_MORE = (r"binary|bce|focal|smooth|weight|sigmoid|logistic|sparse|nll|margin|root|rms|huber|log_?cosh|"
         r"regular|kl|dice")  # fmt: skip
"""What a loss is called that computes something else after all."""

_OPTIONS = {"reduction": ("mean", "sum"), "mode": ("mean", "sum"), "reduce": ("mean", "sum"),
            "average": (True, False), "sizeaverage": (True, False), "mean": (True, False)}  # fmt: skip
_NEAR = 3e-6  # what a small number within a logarithm may change


class _AtLabels:
    """A loss at fixed labels: a layer of one input.

    Args:
        loss: the loss.
        t: its labels.
        names: its methods.
    """

    def __init__(self, loss: Any, t: Array, names: Names) -> None:  # noqa: ANN401
        self.loss, self.t, self.names = loss, t, names

    def _method(self, names: tuple[str, ...]) -> Any:  # noqa: ANN401
        return next(getattr(self.loss, name) for name in names if callable(getattr(self.loss, name, None)))

    def forward(self, x: Array) -> Array:
        """Return the loss of `x`."""
        self.x = x
        given = np.asarray(self._method(self.names.forward)(x, self.t.copy()))
        return given.reshape(()) if given.size == 1 else given

    def backward(self, dout: Array) -> Any:  # noqa: ANN401
        """Return what the loss gives as its derivative."""
        method = self._method(self.names.backward)
        takes = [
            one for one in inspect.signature(method).parameters.values() if one.kind is not one.KEYWORD_ONLY
        ]
        needed = sum(one.default is one.empty for one in takes)
        if needed >= 2:  # it is given again what the forward was given
            return method(self.x, self.t.copy()) * dout
        if needed == 1 and takes[0].name.lower() in _LABELS:
            return method(self.t.copy()) * dout
        return method(float(dout)) if takes else method() * dout


@as_annotated
def check_loss(loss: Any, names: Names | None = None) -> Outcome:  # noqa: ANN401
    """Return what is wrong with a loss that somebody wrote, and the likely cause where it can be told.

    It is asked with class numbers (N,) and with one-hot rows (N, classes); one of the two will do.

    Args:
        loss: an object with `forward(x, t)`, which gives one number, and `backward(dout=1)`.
        names: how its methods are called, where it is not as usual.
    """
    names = names or Names()
    outcome = loss_outcome(loss, names)
    subject = _subject(loss, names, np.zeros(1))
    return with_loss_trained(outcome, lambda t: _AtLabels(copy.deepcopy(loss), t, names), subject.kind,
                             subject.forward_says)  # fmt: skip


def loss_outcome(loss: Any, names: Names | None = None) -> Outcome:  # noqa: ANN401
    """Return what is wrong with a loss that is not trained with."""
    names = names or Names()
    for methods in (names.forward, names.backward):
        if not any(callable(getattr(loss, name, None)) for name in methods):
            rule = f"have one of the methods {', '.join(methods)}"
            raise UsageError(f"`loss` must {rule}. Got an object of {type(loss).__name__} without one.")
    found = _of_classes(loss, names)
    if found.ok or not says_column(_subject(loss, names, np.zeros(1)).kind, found.name):
        return found
    columns = _of_columns(loss, names)
    return min((*columns, found), key=lambda one: (not one.ok, not one.causes)) if columns else found


def _of_columns(loss: Any, names: Names) -> list[Outcome]:  # noqa: ANN401
    """Return what is wrong with a loss of one score a sample, (N, 1) or (N,), if it depends on the scores."""
    found = []
    t = np.array([[0.0], [1.0], [1.0], [0.0]])
    for shape in ((_N, 1), (_N,)):
        at, x = t.reshape(shape), _input(type(loss).__name__, _N)[:, 0].reshape(shape)
        with np.errstate(all="ignore"):
            try:
                moves = _AtLabels(copy.deepcopy(loss), at, names)
                is_moved = not np.array_equal(moves.forward(x), moves.forward(0.9 * x))
            except Exception:  # noqa: BLE001, S112 (a stranger's)
                continue
            if is_moved:
                found.append(_outcome(loss, names, at, at, x))
                if found[-1].ok:
                    break
    return [one for one in found if not _is_refused(one)]


def _of_classes(loss: Any, names: Names) -> Outcome:  # noqa: ANN401
    """Return what is wrong with a loss of a score for each class."""
    told = _of_both_forms(loss, names, _N)
    ran = [one for one in told if not _is_refused(one)]
    if not ran:  # some losses run only where there are as many samples as classes
        ran = [one for one in _of_both_forms(loss, names, _CLASSES) if not _is_refused(one)]
    if not ran:
        return told[0]
    wrong = min(ran, key=lambda one: (one.ok, not one.causes))
    if len(ran) == 2 and ran[0].ok != ran[1].ok and all(one.check != "forward" for one in wrong.findings):
        return _of_one_form(wrong)
    if len(ran) == 2 and ran[0].ok == ran[1].ok:
        return wrong
    wrong = next((one for one in ran if one.ok), wrong)
    return Outcome(wrong.name, wrong.kind, wrong.findings, wrong.passed, (*wrong.notes, "one_form"))


def _of_both_forms(loss: Any, names: Names, n: int) -> list[Outcome]:  # noqa: ANN401
    """Return what is wrong with a loss of so many samples, for class numbers and for one-hot rows."""
    labels = np.array([2, 0, 1, 2])[:n]
    one_hot = np.eye(_CLASSES)[labels]
    with np.errstate(all="ignore"):
        return [_outcome(loss, names, t, one_hot) for t in (labels, one_hot.astype(np.int64))]


def _is_refused(outcome: Outcome) -> bool:
    """Say whether a loss does not take labels of this form: its forward raises, or gives no number."""
    return any(one.target == "loss" and one.check in {"raises", "shapes"} for one in outcome.findings)


def _of_one_form(outcome: Outcome) -> Outcome:
    """Return what is wrong with a loss that is right for labels in the other form."""
    found = [replace(one, causes=one.causes or ("one_hot",)) for one in outcome.findings]
    return Outcome(outcome.name, outcome.kind, tuple(found), outcome.passed, outcome.notes)


def _outcome(
    loss: Any,  # noqa: ANN401
    names: Names,
    t: Array,
    one_hot: Array,
    x: Array | None = None,
) -> Outcome:
    subject = _subject(loss, names, t)
    x = _input(subject.name, len(one_hot)) if x is None else x
    try:
        out = subject.out(x)
    except Broken as broken:
        found = Finding("raises", "loss", (), subject.forward_says, broken.line, detail=broken.detail)
        return Outcome(subject.name, "", (found,))
    found_all = sorted(_findings(subject, x, out, one_hot), key=lambda one: CHECKS.index(one.check))
    candidates = known_losses(x, one_hot) if x.ndim > 1 else ()
    kind = next((one.kind for one in candidates if _is(one, out)), "")
    left_out = {"raises", "steps", "unused", "unlearned", "batch", "testing", "training"}
    asked = [check for check in CHECKS if check not in left_out]
    wrong = {one.check for one in found_all}
    return Outcome(subject.name, kind, tuple(found_all), tuple(one for one in asked if one not in wrong))


def _subject(loss: Any, names: Names, t: Array) -> Subject:  # noqa: ANN401
    """Return a loss at fixed labels as a layer, called as it is itself."""
    subject = Subject(_AtLabels(loss, t, names))
    subject.name, subject.kind = type(loss).__name__, type(loss)
    subject.forward_says = next(name for name in names.forward if hasattr(loss, name))
    subject.backward_says = next(name for name in names.backward if hasattr(loss, name))
    stands_for = getattr(loss, "stands_for", None)
    if isinstance(stands_for, StandsFor):
        subject.name, subject.kind, subject.forward_says, subject.backward_says = stands_for
    return subject


def options_of(cls: type, told: Told) -> list[dict[str, Any]]:
    """Return what a loss's constructor is given: what was told, or its defaults and what else it takes."""
    if told.arguments is not None:
        return [told.values()]
    found: list[dict[str, Any]] = [{}]
    for name, one in parameters_of(cls).items():
        values = _OPTIONS.get(bare(name), ())
        if one.default in values:
            found += [{name: value} for value in values if value != one.default]
    return found


def gives_a_number(cls: type, names: Names) -> bool:
    """Say whether an object of a class makes one number of scores and labels: it is a loss, then."""
    method = next((name for name in names.forward if callable(getattr(cls, name, None))), "")
    rows = np.eye(_CLASSES)[[2, 0, 1]]
    for t in (rows.argmax(axis=1), rows):
        try:
            with np.errstate(all="ignore"):
                given = getattr(cls(), method)(spread(rows.shape, 2, 0.1, 0.9), t)
        except (Exception, SystemExit):  # noqa: BLE001, S112 (a stranger's)
            continue
        if isinstance(given, float | np.floating) or (isinstance(given, np.ndarray) and given.size == 1):
            return True
    return False


def _input(name: str, n: int) -> Array:
    """Return scores; of a loss that takes probabilities, such."""
    if re.search(r"cross_?entropy|bce|kl", name.lower()) and not re.search(
        r"softmax|logit|sigmoid", name.lower()
    ):
        x = spread((n, _CLASSES), 2, 0.1, 1.1)
        return x / x.sum(axis=1, keepdims=True)
    return spread((n, _CLASSES), 2)


def _is(known: KnownLoss, out: Array) -> bool:
    return alike(known.right(), out.astype(np.float64), _NEAR)


def _findings(subject: Subject, x: Array, out: Array, one_hot: Array) -> Iterator[Finding]:
    says = subject.forward_says
    line = line_of(subject.kind, says, "")
    if out.size != 1:
        yield Finding("shapes", "loss", ("sum",), says, line, "()", str(out.shape))
        return
    if not np.isfinite(out).all():
        yield Finding("finite", "loss", (), says, line)
        return
    candidates = list(known_losses(x, one_hot)) if x.ndim > 1 else []
    known = next((one for one in candidates if _is(one, out)), None)
    small = subject.name.lower()
    wanted = next(
        (kind for title, kind in _TITLES if re.search(title, small) and not re.search(_MORE, small)), None
    )
    if subject.may_be_more:
        wanted = None
    if known is None and wanted is not None and candidates:
        named = [one for one in candidates if one.kind == wanted]
        causes = [key for one in named[:1] for key in matching(one.outputs(), out, np.ones((), bool), _NEAR)]
        yield Finding("forward", "loss", tuple(dict.fromkeys(causes)), says, line,
                      **worst(out, named[0].right(), np.ones((), bool), _NEAR))  # fmt: skip
    yield from _overflow(subject, x, known)
    is_wrong = known is None and wanted is not None
    yield from (one for one in _backward(subject, x, out, known) if one.causes or not is_wrong)


def _as_mean(finding: Finding) -> Finding:
    """Return a finding in which a factor of the batch's size is a mean against a sum, as it is in a loss."""
    causes = tuple(dict.fromkeys("mean" if key == "batch" else key for key in finding.causes))
    return replace(finding, causes=causes)


def _overflow(subject: Subject, x: Array, known: KnownLoss | None) -> Iterator[Finding]:
    """Yield where scores are too large: exp of a thousand is infinite, unless the maximum goes first."""
    if known is None or known.kind != "softmax_loss":
        return
    if not np.isfinite(subject.out(1000 + x)).all():  # a number that all scores share changes no loss
        says = subject.forward_says
        yield Finding("finite", "loss", ("no_maximum",), says, start_of(subject.kind, says))


def _backward(subject: Subject, x: Array, out: Array, known: KnownLoss | None) -> Iterator[Finding]:
    precision = rounding(subject, x, out).within(4 / x.size)
    is_exact = known is not None and alike(known.right(), out.astype(np.float64), 1e-9)
    slack = 0.0 if is_exact else 1e-5  # a small number within the logarithm
    first: Array | None = None
    for dout in (np.asarray(1.0), np.asarray(1.7)):
        probe = Probe(subject, x, out, dout, precision, known, (), slack)
        try:
            passed = subject.passed(x, dout)
        except Broken as broken:
            yield Finding("raises", "x", (), subject.backward_says, broken.line, detail=broken.detail)
            return
        if first is not None and passed.dx is not None and alike(first, passed.dx, 1e-12):
            return  # a loss comes last: many take no notice of what comes from behind
        first = passed.dx
        if first is None or first.shape != x.shape:
            got = "None" if first is None else str(first.shape)
            line = line_of(subject.kind, subject.backward_says, "")
            yield Finding("shapes", "x", (), subject.backward_says, line, str(x.shape), got)
            return
        found = [_as_mean(one) for one in gradient_findings(probe, passed)]
        yield from found
        if found:
            return
        if dout == 1:
            yield from left_behind(probe)
            yield from state_findings(probe)
