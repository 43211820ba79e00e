"""What a layer leaves behind: in its input, in itself, for the next call. Must not know what it computes."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.lines import line_of, start_of
from convlens.check.measuring import alike, spread
from convlens.check.outcome import Finding
from convlens.check.places import places
from convlens.check.probe import Probe
from convlens.check.subject import Broken, Passed, Subject

__all__ = ["batch_findings", "changes_dout", "left_behind", "state_findings"]

_CLEARING = (
    "zero_grad",
    "zero",
    "clear",
    "zero_grads",
    "zero_gradients",
    "reset",
    "reset_grad",
    "clear_grads",
    "cleargrads",
)

_SIZES = frozenset(("batchsize", "batch", "n", "nbatch", "nsamples", "numsamples", "bs"))
"""What an argument is called that says how many samples a batch has."""

_MIXES = re.compile(
    r"norm|drop|noise|random|stochastic|seiki|jeonggyu|정규화|正規化|標準化|표준화|standardi|whiten"
)
"""How a layer says that samples of a batch have to do with each other, or with chance."""


def left_behind(probe: Probe) -> Iterator[Finding]:
    """Yield what is changed that was only lent: the input, and weights by a backward that steps by itself."""
    subject, x, dout = probe.subject, probe.x.copy(), probe.dout.copy()
    layer = subject.fresh()
    held = {path: array.copy() for path, array in subject.params.items()}
    out, cache = subject.forward(layer, x, keep=True)
    if not np.array_equal(x, probe.x):
        name = subject.forward_says
        yield Finding("in_place", "x", ("input_changed",), name, start_of(subject.kind, name))
    yield from _moved(subject, layer, held, subject.forward_says)
    before = x.copy()
    subject.backward(layer, x, out, dout, cache, keep=True)
    name = subject.backward_says
    if not np.array_equal(x, before):
        yield Finding("in_place", "x", ("input_changed",), name, start_of(subject.kind, name))
    if not subject.steps_by_itself:
        yield from _moved(subject, layer, held, name)


def changes_dout(probe: Probe) -> bool:
    """Say whether backward writes into the derivative that it is given, as the book's ReLU does."""
    subject, dout = probe.subject, probe.dout.copy()
    layer = subject.fresh()
    out, cache = subject.forward(layer, probe.x)
    subject.backward(layer, probe.x, out, dout, cache, keep=True)
    return not np.array_equal(dout, probe.dout)


def _moved(subject: Subject, layer: object, held: dict[str, Array], method: str) -> Iterator[Finding]:
    """Yield the parameters that a call has changed: none may."""
    now = {place.path: place.array for place in places(layer)}
    for path, before in held.items():
        if path in now and not np.array_equal(now[path], before):
            cause = "updates_itself" if method == subject.backward_says else "weights_changed"
            yield Finding("in_place", path, (cause,), method, line_of(subject.kind, method, path))


def state_findings(probe: Probe) -> Iterator[Finding]:
    """Yield what one call leaves for the next: a second one must give what it gives alone."""
    subject, x = probe.subject, probe.x
    other = spread(x.shape, 8, float(x.min()), float(x.max()))
    dout = np.random.default_rng(6).normal(size=probe.dout.shape)
    try:
        alone, one = subject.passed(other, dout), subject.passed(x, probe.dout)
        found = list(_of_shared(probe, other, dout, alone))
        if not found:
            found = list(_unlike(probe, alone, _second(probe, other, dout, whole=False), one))
        if not found and not subject.steps_by_itself:
            found = list(_unlike(probe, alone, _second(probe, other, dout, whole=True), one))
    except Broken as broken:
        yield Finding("state", "output", (), broken.method, broken.line, detail=broken.detail)
        return
    if not subject.is_random:
        yield from found


def _of_shared(probe: Probe, other: Array, dout: Array, alone: Passed) -> Iterator[Finding]:
    """Yield what one object leaves for another one, in its class or in a default argument."""
    subject = probe.subject
    subject.passed(probe.x, probe.dout)
    layer = subject.fresh(restored=False)
    out, cache = subject.forward(layer, other)
    both = subject.backward(layer, other, out, dout, cache)
    for target, right, got in (("output", alone.out, out), ("x", alone.dx, both.dx)):
        if right is not None and got is not None and not alike(right, got, probe.tolerance):
            says = subject.forward_says if target == "output" else subject.backward_says
            line = start_of(subject.kind, subject.forward_says)
            yield Finding("state", target, ("shared",), says, line, **_first(got, right))
            return


def _second(probe: Probe, other: Array, dout: Array, *, whole: bool) -> Passed:
    """Return what a layer gives for another input after a forward, or a whole pass, of the first one."""
    subject = probe.subject
    layer = subject.fresh()
    out, cache = subject.forward(layer, probe.x)
    if whole:
        subject.backward(layer, probe.x, out, probe.dout, cache)
        subject.clear(layer, _CLEARING)
    out, cache = subject.forward(layer, other)
    return subject.backward(layer, other, out, dout, cache)


def _unlike(probe: Probe, alone: Passed, both: Passed, one: Passed) -> Iterator[Finding]:
    """Yield where a second call gives something else than it gives alone.

    Args:
        probe: the layer.
        alone: what a fresh layer gives for the second input.
        both: what one gives that was called before.
        one: what the first call gave.
    """
    subject, tolerance = probe.subject, probe.tolerance
    if not alike(alone.out, both.out, tolerance):
        says = subject.forward_says
        found = ("stale",)  # it gives something else alone: what else should be the cause
        yield Finding(
            "state", "output", found, says, start_of(subject.kind, says), **_first(both.out, alone.out)
        )
        return
    says = subject.backward_says
    for target in ("x", *alone.grads):
        right, got = alone.by(target), both.by(target)
        if right is None or got is None or alike(right, got, tolerance):
            continue
        causes = _causes(right, got, one.by(target), tolerance)
        line = line_of(subject.kind, says, "" if target == "x" else subject.partners[target])
        yield Finding("state", target, causes, says, line, **_first(got, right))


def _causes(right: Array, got: Array, before: Array | None, tolerance: float) -> tuple[str, ...]:
    """Return what is kept from the call before: something is, as a call alone gives something else."""
    if before is not None and before.shape == right.shape and alike(before + right, got, tolerance):
        return ("added_up",)
    return ("stale",)


def _first(got: Array, right: Array) -> dict[str, Any]:
    """Return the entry that is furthest off, or the two shapes."""
    if got.shape != right.shape:
        return {"expected": str(right.shape), "got": str(got.shape)}
    index = np.unravel_index(int(np.abs(got - right).argmax()), got.shape) if got.ndim else ()
    return {"expected": f"{float(right[index]):.6g}", "got": f"{float(got[index]):.6g}"}


def batch_findings(probe: Probe) -> Iterator[Finding]:
    """Yield where a sample's result depends on the others of its batch, or on how many there are."""
    subject, x, out = probe.subject, probe.x, probe.out
    says = f"{subject.name} {getattr(subject.kind, '__doc__', None) or ''}".lower()
    is_told = _SIZES & set(subject.made_with)
    if subject.is_random or is_told or _MIXES.search(says) or not out.ndim or out.shape[0] != x.shape[0]:
        return
    try:
        problem = _depends(probe, 1 if getattr(probe.known, "columns", False) else 0)
    except Broken as broken:
        problem = _of_columns(probe, broken)
    if problem is not None and not _normalises(probe):
        says = subject.forward_says
        line = problem.line or start_of(subject.kind, says)
        yield Finding("batch", "output", (), says, line, detail=problem.detail)


def _normalises(probe: Probe) -> bool:
    """Say whether a layer takes shift and scale out of its batch, whatever it is called: as it should."""
    try:
        moved = probe.subject.out(3 * probe.x + 2)
    except Broken:
        return False
    return alike(moved, probe.out, 1e-3)


def _of_columns(probe: Probe, broken: Broken) -> Finding | None:
    """Return what is wrong with a layer that takes no fewer rows: nothing, where samples are columns."""
    if probe.x.ndim == 2 and probe.out.ndim == 2 and probe.out.shape[1] == probe.x.shape[1]:
        try:
            return _depends(probe, 1)
        except Broken:
            pass
    return Finding("batch", "output", (), broken.method, broken.line, detail=broken.detail)


def _depends(probe: Probe, axis: int) -> Finding | None:
    x, out, n = probe.x, probe.out, probe.x.shape[axis]
    if out.shape[axis] != n:
        return Finding("batch", "output", detail={"what": "size"})
    order = np.arange(n)[::-1]
    turned = probe.subject.out(x.take(order, axis))
    if not alike(turned, out.take(order, axis), probe.tolerance):
        return Finding("batch", "output", detail={"what": "order"})
    if n == 1:
        return None
    few = probe.subject.out(x.take([0], axis))
    if not alike(few, out.take([0], axis), probe.tolerance):
        return Finding("batch", "output", detail={"what": "size"})
    return None
