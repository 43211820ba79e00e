"""`check_layer`: everything that is asked of one layer, in the order in which one should look.

Must not know files or processes. What a later question would only repeat is not asked: where the shapes are
wrong no numbers are compared, and a wrong forward is told as that and not as its derivatives.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, combinations
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.arrays import as_numbers
from convlens.check.gradients import gradient_findings, matching, value_of, worst
from convlens.check.lines import line_of, start_of
from convlens.check.measuring import alike, by_entries
from convlens.check.names import Names, wears_a_name
from convlens.check.outcome import CHECKS, Finding, Outcome
from convlens.check.phases import phase_findings
from convlens.check.probe import Probe, probe_of
from convlens.check.reuse import with_reuse_named
from convlens.check.state import batch_findings, changes_dout, left_behind, state_findings
from convlens.check.subject import Broken, Passed, Subject
from convlens.check.ties import tie_findings
from convlens.check.training import with_layer_trained
from convlens.errors import ShapeError

__all__ = ["check_layer", "layer_outcome"]


@as_annotated
def check_layer(layer: Any, x: Array, names: Names | None = None) -> Outcome:  # noqa: ANN401
    """Return what is wrong with a layer that somebody wrote, and the likely cause where it can be told.

    The layer itself is left alone: copies of it are asked, in double precision, with weights that are moved a
    little and inputs of the shape of `x` that lie away from kinks. In a course's own tests:

        outcome = check_layer(Affine(W, b), x)
        assert outcome.ok, outcome

    Args:
        layer: an object with `forward(x)` and `backward(dout)`; weights and their derivatives are attributes.
        x: an input as the layer takes it, the batch first.
        names: how its methods and arrays are called, where it is not as usual.

    Returns:
        The findings. `str()` of it is a text to read, `to_dict()` data for JSON.
    """
    x = as_numbers("`x` of check_layer", x)
    return with_layer_trained(layer_outcome(layer, x, names), layer, x, names)


def layer_outcome(
    layer: Any,  # noqa: ANN401
    x: Array,
    names: Names | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Outcome:
    """Return what is wrong with a layer that was made with these settings, by bare name."""
    x = as_numbers("`x` of check_layer", x)
    if not x.ndim or not x.size or not np.isfinite(x).all():
        raise ShapeError(f"`x` of check_layer must be a batch of finite numbers. Got shape {x.shape}.")
    return with_reuse_named(_asked_of(layer, x, names, settings), layer,
                            lambda mended: _asked_of(mended, x, names, settings))  # fmt: skip


def _asked_of(layer: Any, x: Array, names: Names | None, settings: Mapping[str, Any] | None) -> Outcome:  # noqa: ANN401
    subject = Subject(layer, names, settings)
    try:
        with np.errstate(all="ignore"):  # faults are tried, and what overflows there is no fault of anybody
            return _outcome(subject, x)
    finally:
        subject.shared.restore()


def _outcome(subject: Subject, x: Array) -> Outcome:
    try:
        probe = probe_of(subject, x)
    except Broken as broken:
        return Outcome(subject.name, "", (_raised(broken),))
    found = list(_findings(probe))
    found.sort(key=lambda finding: CHECKS.index(finding.check))
    kind = probe.known.kind if probe.known else (probe.named[0].kind if probe.named else "")
    asked = _asked(found)
    passed = tuple(check for check in asked if check not in {one.check for one in found})
    return Outcome(subject.name, kind, tuple(found), passed, tuple(_notes(probe, found)))


def _asked(found: list[Finding]) -> tuple[str, ...]:
    """Return the checks that have been reached."""
    asked = [check for check in CHECKS if check not in {"raises", "steps", "testing", "training"}]
    ends = {"raises": 0, "finite": 3, "shapes": 9}
    stop = min((ends[one.check] for one in found if one.check in ends), default=9)
    return tuple(asked[:stop])


def _raised(broken: Broken) -> Finding:
    return Finding("raises", "output", (), broken.method, broken.line, detail=broken.detail)


def _findings(probe: Probe) -> Iterator[Finding]:
    """Yield everything that is wrong."""
    subject = probe.subject
    if not np.isfinite(probe.out).all():
        name = subject.forward_says
        yield Finding("finite", "output", (), name, start_of(subject.kind, name))
        return
    yield from _forward(probe)
    try:
        subject.pair_up(probe.x)
        subject.notice_chance(probe.x)
        passed = subject.passed(probe.x, probe.dout)
    except Broken as broken:
        yield _raised(broken)
        return
    yield from _shapes(probe, passed)
    yield from _not_finite(probe, passed)
    wrong = list(gradient_findings(probe, passed))
    yield from wrong
    try:
        if not any(one.target == "x" for one in wrong):
            yield from tie_findings(probe)
        moved = list(left_behind(probe))
        yield from moved
        if all(one.target == "x" for one in moved):  # else the next call has other weights
            yield from state_findings(probe)
        yield from batch_findings(probe)
        yield from phase_findings(probe)
    except Broken as broken:
        yield _raised(broken)


def _forward(probe: Probe) -> Iterator[Finding]:
    """Yield where the output is not what the layer's name says, and parameters that change nothing."""
    subject = probe.subject
    line = line_of(subject.kind, subject.forward_says, "")
    causes = [cause for known in probe.named for cause in matching(
        known.outputs(), probe.out, np.ones(probe.out.shape, bool), max(probe.tolerance, 1e-8))]  # fmt: skip
    if probe.named:
        best = next((one for one in probe.named if one.right().shape == probe.out.shape), probe.named[0])
        expected = best.right()
        if expected.shape == probe.out.shape:
            values = worst(probe.out, expected, np.ones(expected.shape, bool), probe.tolerance)
        else:
            values = {"expected": str(expected.shape), "got": str(probe.out.shape)}
        unique = tuple(dict.fromkeys(causes))
        if not unique and subject.may_be_more:
            return
        yield Finding("forward", "output", unique, subject.forward_says, line, **values)
        return
    for path, array in subject.params.items():
        moved = subject.out(probe.x, {path: array + 0.5})
        if np.array_equal(moved, probe.out) and not probe.known:
            yield Finding(
                "unused", path, (), subject.forward_says, start_of(subject.kind, subject.forward_says)
            )


def _shapes(probe: Probe, passed: Passed) -> Iterator[Finding]:
    """Yield derivatives that have not the shape of what they belong to, or are not there."""
    subject, name = probe.subject, probe.subject.backward_says
    ones = np.ones(1, bool)
    if passed.dx is None:
        yield Finding("shapes", "x", ("returns_nothing",), name, start_of(subject.kind, name),
                      expected=str(probe.x.shape), got="None")  # fmt: skip
    elif passed.dx.shape != probe.x.shape:
        suspects = probe.known.suspects("x", probe.dout) if probe.known else iter(())
        yield Finding("shapes", "x", matching(suspects, passed.dx, ones, probe.tolerance), name,
                      line_of(subject.kind, name, ""), str(probe.x.shape), str(passed.dx.shape))  # fmt: skip
    for path, array in subject.params.items():
        got = passed.grads.get(path)
        if got is None and wears_a_name(path):
            yield Finding("unlearned", path, ("no_gradient",), name, start_of(subject.kind, name))
        elif got is not None and got.shape != array.shape:
            suspects = chain(_of_other_shape(probe, path), _of_sums(probe, path, got))
            line = line_of(subject.kind, name, subject.partners[path])
            yield Finding("shapes", path, matching(suspects, got, ones, probe.tolerance), name, line,
                          str(array.shape), str(got.shape))  # fmt: skip


def _of_other_shape(probe: Probe, path: str) -> Iterator[tuple[str, Array]]:
    """Yield what faults give whose derivative by a parameter has another shape than the parameter."""
    if probe.known:
        rights = probe.known.derivatives(probe.dout)
        right = rights.get(path)
        yield from probe.known.suspects(path, probe.dout)
        if right is not None:
            yield "transposed", right.T
            others = {at: found for at, found in rights.items() if at not in {path, "x"}}
            yield from (("wrong_parameter", found) for found in others.values())
            if right.ndim == 1 or right.size == max(right.shape):
                yield from (("shape", right.reshape(shape)) for shape in ((1, -1), (-1, 1), (-1,)))


def _of_sums(probe: Probe, path: str, got: Array) -> Iterator[tuple[str, Array]]:
    """Yield what was found itself, if summed over some of its axes it is right: these sums are missing."""
    array = probe.subject.params[path]
    if got.size <= array.size or not np.isfinite(got).all():
        return
    right = by_entries(value_of(probe, path), array, probe.precision)[0]
    for n in range(1, got.ndim + 1):
        for axes in combinations(range(got.ndim), n):
            made = got.sum(axis=axes)
            if made.shape == right.shape and alike(made, right, 10 * probe.precision.tolerance):
                yield "sum", got


def _not_finite(probe: Probe, passed: Passed) -> Iterator[Finding]:
    subject, name = probe.subject, probe.subject.backward_says
    found = {"x": passed.dx, **passed.grads}
    for target, array in found.items():
        if array is not None and array.size and not np.isfinite(array).all():
            at = "" if target == "x" else subject.partners[target]
            yield Finding("finite", target, (), name, line_of(subject.kind, name, at))


def _notes(probe: Probe, found: list[Finding]) -> Iterator[str]:
    """Yield what is worth knowing, though nothing is wrong with it."""
    if probe.precision.tolerance > 1e-4:
        yield "single"
    is_own = bool(probe.named) and all(one.check != "forward" for one in found)
    if probe.is_mirrored:
        yield "mirrored"
    elif (
        is_own
        or (probe.known is None and not probe.named)
        or (probe.known and probe.known.kind == "elementwise")
    ):
        yield "unknown"
    try:
        if not any(one.check in {"raises", "finite"} for one in found) and changes_dout(probe):
            yield "dout_changed"
    except Broken:
        return
