"""Are the derivatives right, and if not, which fault gives these? Must not know how it is said."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.known import Suspects
from convlens.check.known.any_layer import in_any_layer, ratio, weights_within
from convlens.check.lines import line_of
from convlens.check.measuring import alike, along, by_entries, is_kink
from convlens.check.outcome import Finding
from convlens.check.places import numbers_of
from convlens.check.probe import Probe
from convlens.check.subject import Passed

__all__ = ["gradient_findings", "matching", "value_of", "worst"]

_CONSTANT = 0.02  # how far entries may be from one ratio
_LOOKED_AT = 6  # guilty entries that are tried for a kink


@dataclass(frozen=True)
class _Expected:
    """A derivative that is right, where it has been measured."""

    array: Array
    measured: Array


def gradient_findings(probe: Probe, passed: Passed) -> Iterator[Finding]:
    """Yield what is wrong with the derivatives by the input and by each parameter.

    Args:
        probe: the layer at an input.
        passed: what its backward gave there.
    """
    for target, at in {"x": probe.x, **probe.subject.params}.items():
        got = passed.by(target)
        if got is not None and got.shape == at.shape and not _fits_the_name(probe, target, got):
            yield from _of(probe, target, at, got)


def _fits_the_name(probe: Probe, target: str, got: Array) -> bool:
    """Say whether a derivative is that of the layer that this one is called after, whose forward is wrong."""
    rights = (one.derivatives(probe.dout).get(target) for one in probe.named
              if one.right().shape == probe.out.shape)  # fmt: skip
    return any(right is not None and alike(right, got, probe.tolerance) for right in rights)


def _of(probe: Probe, target: str, at: Array, got: Array) -> Iterator[Finding]:
    f = value_of(probe, target)
    right = probe.known.derivatives(probe.dout).get(target) if probe.known else None
    if along(f, at, got, probe.precision) and (right is None or alike(got, right, probe.tolerance)):
        return
    if right is not None and along(f, at, right, probe.precision):
        expected = _Expected(right, np.ones(at.shape, bool))
    else:
        expected = _Expected(*by_entries(f, at, probe.precision))
        if _only_kinks(f, at, got, expected, probe):
            return
    causes = _causes(probe, target, got, expected) or _too_much(probe, target, got, expected)
    subject = probe.subject
    yield Finding(
        "gradient",
        target,
        causes,
        subject.backward_says,
        line_of(subject.kind, subject.backward_says, "" if target == "x" else subject.partners[target]),
        **worst(got, expected.array, expected.measured, max(probe.precision.tolerance, probe.tolerance)),
    )


def value_of(probe: Probe, target: str) -> Callable[[Array], float]:
    """Return the sum of output times `dout` as a function of the input or of a parameter."""
    subject, dout = probe.subject, probe.dout
    if target == "x":
        return lambda x: float((subject.out(x) * dout).sum())
    return lambda array: float((subject.out(probe.x, {target: array}) * dout).sum())


def _only_kinks(
    f: Callable[[Array], float], at: Array, got: Array, expected: _Expected, probe: Probe
) -> bool:
    """Say whether all entries that differ lie where the function has a kink."""
    off = np.abs(got - expected.array) * expected.measured
    scale = max(float(np.abs(expected.array).max(initial=0)), float(np.abs(got).max(initial=0)), 1e-9)
    guilty = np.argwhere(~(off <= 5 * probe.precision.tolerance * scale))
    if not len(guilty):
        return bool(expected.measured.all())
    some = guilty[np.random.default_rng(4).permutation(len(guilty))[:_LOOKED_AT]]
    return all(is_kink(f, at, tuple(index), probe.precision) for index in some)


def _causes(probe: Probe, target: str, got: Array, expected: _Expected) -> tuple[str, ...]:
    return matching(_suspects(probe, target, expected), got, expected.measured, _named_tolerance(probe))


def _too_much(probe: Probe, target: str, got: Array, expected: _Expected) -> tuple[str, ...]:
    """Say whether a multiple of the parameter itself is in its derivative: its decay, or all that it was."""
    if target == "x":
        return ()
    factor = weights_within(probe.subject.params[target], got, expected.array, expected.measured)
    if factor is None:
        return ()
    return ("replaced",) if probe.subject.steps_by_itself and abs(factor - 1) < 1e-3 else ("penalty",)


def _named_tolerance(probe: Probe) -> float:
    """How near a fault's numbers must be: measured derivatives are less exact than formulas."""
    return max(probe.precision.tolerance * (1 if probe.known else 10), probe.tolerance)


def _suspects(probe: Probe, target: str, expected: _Expected) -> Suspects:
    """Yield what known faults give: those of this layer first, then those of any."""
    if probe.known:
        yield from probe.known.suspects(target, probe.dout)
    rights = {**(probe.known.derivatives(probe.dout) if probe.known else _measured(probe, target))}
    rights[target] = expected.array
    n = len(probe.x) if probe.x.ndim > 1 else 1
    places = int(np.prod(probe.out.shape[2:])) if target != "x" else 1
    yield from in_any_layer(target, rights, n, numbers_of(probe.subject.kept), places)
    if target != "x" and expected.array.ndim == 4:  # filters, wherever their height and width lie
        yield from (("flipped", np.flip(expected.array, axes)) for axes in ((2, 3), (0, 1), (1, 2)))


def _measured(probe: Probe, target: str) -> Mapping[str, Array]:
    """Measure the derivatives by the other parameters that may have been mistaken for this one."""
    params = probe.subject.params
    if target == "x":
        return {}
    others = {path: one for path, one in params.items() if path != target and one.size == params[target].size}
    return {path: by_entries(value_of(probe, path), one, probe.precision)[0] for path, one in others.items()}


def matching(suspects: Suspects, got: Array, measured: Array, tolerance: float) -> tuple[str, ...]:
    """Return the keys of the faults that give these numbers, where they have been measured.

    One that gives the same numbers as another is no proof of either: both are returned.
    """
    found: dict[str, None] = {}
    for key, array in suspects:
        if array.shape != got.shape or key in found:
            continue
        where = measured if measured.shape == got.shape else np.ones(got.shape, bool)
        if alike(np.asarray(array)[where], got[where], tolerance):
            found[key] = None
    return tuple(found)


def worst(got: Array, expected: Array, measured: Array, tolerance: float) -> dict[str, Any]:
    """Return the entry that is furthest off, as a finding says it: where, expected, got, their ratio."""
    off = np.where(np.isfinite(got), np.abs(got - expected), np.inf) * measured
    index = np.unravel_index(int(off.argmax()), off.shape)
    right, given = float(expected[index]), float(got[index])
    share = ratio(np.where(measured, got, 0), np.where(measured, expected, 0), min(10 * tolerance, _CONSTANT))
    wrong = int((off > tolerance * max(float(np.abs(expected).max()), 1e-12)).sum())
    where = ", ".join(str(int(one)) for one in index)
    return {
        "expected": f"{right:.6g}",
        "got": f"{given:.6g}",
        "ratio": share if share is not None else (given / right if right else None),
        "detail": {"where": where, "wrong": str(wrong), "all": str(int(measured.sum())),
                   "everywhere": "yes" if share is not None else ""},
    }  # fmt: skip
