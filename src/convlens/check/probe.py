"""The input with which a layer is asked, and how precisely it answers. Must not know faults."""

from dataclasses import dataclass

import numpy as np

from convlens._typing import Array
from convlens.check.known import Known, recognise
from convlens.check.known.own import own_function
from convlens.check.measuring import DOUBLE, SINGLE, Precision, spread
from convlens.check.places import numbers_of
from convlens.check.subject import Broken, Subject

__all__ = ["Probe", "is_single", "probe_of"]

_SAMPLES = 3
_TINY, _JUMPS = 1e-8, 0.05
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

    @property
    def tolerance(self) -> float:
        """Up to which share of the largest number two arrays are the same."""
        return max(self.slack, 1e-6 if self.precision.tolerance < 1e-4 else 2e-4)


def probe_of(subject: Subject, x: Array) -> Probe:
    """Return the layer at an input of the shape of `x`, of three samples where it takes them.

    Raises:
        Broken: its forward raises for every such input.
    """
    at = _input(subject, x)
    subject.settle(at)
    out = subject.out(at)
    single = is_single(subject, at, out)
    gap = _GAP / max(1, at.size)
    precision = SINGLE.within(gap) if single else DOUBLE.within(gap)
    dout = np.random.default_rng(1).normal(size=out.shape)
    tolerance = 1e-7 if not single else 1e-4
    settings = {**subject.made_with, **numbers_of(subject.kept)}
    found = recognise(subject.name, at, out, subject.params, settings, tolerance)
    known: Known | None = next((one for one in found if one.agrees), None)
    if known is None and not found and not subject.params:
        known = own_function(subject.out, at, out)
    return Probe(subject, at, out, dout, precision, known, () if known else tuple(found))


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


def is_single(subject: Subject, x: Array, out: Array) -> bool:
    """Say whether a layer rounds to single precision, whatever it is given: a tiny step moves it in jumps."""
    if out.dtype == np.float32:
        return True
    step = _TINY * np.random.default_rng(16).choice([-1.0, 1.0], x.shape)
    once, twice = (subject.out(x + n * step).astype(np.float64) - out for n in (1, 2))
    moved = float(np.abs(twice).sum())
    if moved:
        return float(np.abs(twice - 2 * once).sum()) > _JUMPS * moved
    rounded = x.astype(np.float32).astype(np.float64)
    if np.array_equal(rounded, x):
        return False
    if out.size and np.array_equal(out.astype(np.float32), out) and not _exact(out, x):
        return True
    return not _exact(out, x) and np.array_equal(subject.out(rounded), out)


def _exact(out: Array, x: Array) -> bool:
    """Say whether an output of few digits says nothing: whole numbers, or an input that is such itself."""
    return bool((out == np.round(out)).all()) or np.array_equal(x.astype(np.float32), x)
