"""The input with which a layer is asked, and how precisely it answers. Must not know faults."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from convlens._typing import Array
from convlens.check.known import Known, recognise
from convlens.check.known.own import own_function
from convlens.check.measuring import DOUBLE, HALF, SINGLE, Precision, alike, spread
from convlens.check.places import numbers_of
from convlens.check.saying import says_mirrored
from convlens.check.subject import Broken, Subject

__all__ = ["Probe", "probe_of", "rounding"]

_SAMPLES = 3
_TINY, _JUMPS = 1e-8, 0.05
_ALIKE = ((DOUBLE.tolerance, 1e-6), (SINGLE.tolerance, 2e-4), (HALF.tolerance, 5e-3))
"""A precision's tolerance for differences, and up to which share two arrays are then the same."""

_GAP = 4.0  # from the least to the largest number of `spread`


@dataclass(frozen=True)
class Probe:
    """A layer at one input.

    Attributes:
        subject: the layer.
        x: the input, away from kinks.
        out: what it gives.
        dout: a derivative by the output.
        precision: how its derivatives are measured.
        known: the layer that it is; empty where nobody knows.
        named: what it may be by its name, where its numbers are none of theirs.
    """

    subject: Subject
    x: Array
    out: Array
    dout: Array
    precision: Precision
    known: Known | None
    named: tuple[Known, ...]
    slack: float = 0.0
    """How far a formula may be off that leaves out a small number."""

    is_mirrored: bool = False
    """Whether its filters are flipped, as somebody says that they are: another convention, and no fault."""

    @property
    def tolerance(self) -> float:
        """Up to which share of the largest number two arrays are the same."""
        return max(self.slack, next(one for most, one in _ALIKE if self.precision.tolerance <= most))


def probe_of(subject: Subject, x: Array) -> Probe:
    """Return the layer at an input of the shape of `x`, of three samples where it takes them.

    Raises:
        Broken: its forward raises for every such input.
    """
    at = _input(subject, x)
    subject.settle(at)
    out = subject.out(at)
    found = rounding(subject, at, out)
    single = found is not DOUBLE
    precision = found.within(_GAP / max(1, at.size))
    dout = np.random.default_rng(1).normal(size=out.shape)
    tolerance = {DOUBLE: 1e-7, SINGLE: 1e-4}.get(found, 3e-3)
    settings = {**subject.made_with, **numbers_of(subject.kept)}
    named = recognise(subject.name, at, out, subject.params, settings, tolerance)
    is_mirrored = _is_mirrored(subject, named, out, tolerance)
    named = [] if is_mirrored else named
    known: Known | None = next((one for one in named if one.agrees), None)
    slack = 0.0
    if known is None and not named and not subject.params:
        known = own_function(subject.out, at, out, precision.step if single else None)
        slack = precision.tolerance if known and single else 0.0  # its slope is measured, too
    left = () if known else tuple(named)
    return Probe(subject, at, out, dout, precision, known, left, slack, is_mirrored)


def _is_mirrored(subject: Subject, named: list[Known], out: Array, tolerance: float) -> bool:
    """Say whether a layer gives what it would with its filters flipped, and says so."""
    if any(one.agrees for one in named) or not any(one.kind == "convolution" for one in named):
        return False
    flipped = (array for one in named for key, array in one.outputs() if key == "flipped")
    return says_mirrored(subject.kind) and any(
        one.shape == out.shape and alike(one, out, tolerance) for one in flipped
    )


def _input(subject: Subject, x: Array) -> Array:
    """Return an input of the first shape and range that the layer takes."""
    broken: Broken | None = None
    shapes = [(_SAMPLES, *x.shape[1:]), x.shape] if x.ndim > 1 else [x.shape]
    ranges = [(-2.0, 2.0), (float(x.min()), float(x.max()) + 1e-3)]
    for shape in dict.fromkeys(shapes):
        for low, high in ranges:
            at = spread(shape, 2, low, high)
            try:
                out = subject.out(at)
            except Broken as error:
                broken = broken or error
                continue
            if np.isfinite(out).all():
                return at
    if broken is not None:
        raise broken
    return x.astype(np.float64)


def rounding(subject: Subject, x: Array, out: Array) -> Precision:
    """Return how precisely a layer computes, whatever it is given: of what moves it in jumps, it rounds.

    Args:
        subject: the layer.
        x: the input.
        out: what it gives.
    """
    is_plain = bool((out == np.round(out)).all()) or np.array_equal(x.astype(np.float16), x)
    if out.dtype == np.float16 or (np.array_equal(out.astype(np.float16), out) and not is_plain):
        return HALF
    if out.dtype == np.float32 or _rounds(x, out, subject.out):
        return SINGLE
    for path, array in subject.params.items():  # weights may be rounded where the input is not
        if _rounds(array, out, partial(_with, subject, x, path)):
            return SINGLE
    return DOUBLE


def _with(subject: Subject, x: Array, path: str, array: Array) -> Array:
    return subject.out(x, {path: array})


def _rounds(at: Array, out: Array, f: Callable[[Array], Array]) -> bool:
    """Say whether a tiny step moves a function in jumps."""
    step = _TINY * np.random.default_rng(16).choice([-1.0, 1.0], at.shape)
    once, twice = (f(at + n * step).astype(np.float64) - out for n in (1, 2))
    moved = float(np.abs(twice).sum())
    if moved:
        return float(np.abs(twice - 2 * once).sum()) > _JUMPS * moved
    rounded = at.astype(np.float32).astype(np.float64)
    if np.array_equal(rounded, at):
        return False
    if out.size and np.array_equal(out.astype(np.float32), out) and not _exact(out, at):
        return True
    return not _exact(out, at) and np.array_equal(f(rounded), out)


def _exact(out: Array, x: Array) -> bool:
    """Say whether an output of few digits says nothing: whole numbers, or an input that is such itself."""
    return bool((out == np.round(out)).all()) or np.array_equal(x.astype(np.float32), x)
