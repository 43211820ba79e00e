"""What differences cannot show: windows whose elements are all equal, and numbers too large for exp.

At a tie a maximum has no derivative, but whichever element is chosen, and however it is shared, a window
hands on no more than it was given. Must not know how it is said.
"""

from collections.abc import Iterator

import numpy as np

from convlens.check.lines import line_of, start_of
from convlens.check.measuring import alike
from convlens.check.outcome import Finding
from convlens.check.probe import Probe

__all__ = ["tie_findings"]


def tie_findings(probe: Probe) -> Iterator[Finding]:
    """Yield what is wrong with a max-pooling at ties, and a softmax at large numbers."""
    if probe.known is None:
        return
    if probe.known.kind == "pooling":
        yield from _of_pooling(probe)
        yield from _of_negative(probe)
    elif probe.known.kind == "softmax" and not np.isfinite(probe.subject.out(1000 + probe.x)).all():
        says = probe.subject.forward_says
        yield Finding("finite", "output", ("no_maximum",), says, start_of(probe.subject.kind, says))


def _of_negative(probe: Probe) -> Iterator[Finding]:
    """Yield where a maximum of negative numbers is 0, though there is no border that it could come from."""
    subject = probe.subject
    if probe.out.size and probe.known is not None and any(getattr(probe.known, "frame").pad):  # noqa: B009
        return
    out = subject.out(probe.x - 5)
    if out.shape == probe.out.shape and not alike(out, probe.out - 5, probe.tolerance) and np.all(out >= 0):
        says = subject.forward_says
        yield Finding("forward", "output", ("negative",), says, start_of(subject.kind, says))


def _of_pooling(probe: Probe) -> Iterator[Finding]:
    subject = probe.subject
    passed = subject.passed(np.ones(probe.x.shape), np.ones(probe.out.shape))
    if passed.dx is None or not np.array_equal(passed.out, np.ones(probe.out.shape)):
        return
    given, handed_on = float(probe.out.size), float(passed.dx.sum())
    if handed_on > given * (1 + 1e-6):
        yield Finding(
            "gradient",
            "x",
            ("to_all",),
            subject.backward_says,
            line_of(subject.kind, subject.backward_says, ""),
            expected=f"{given:g}",
            got=f"{handed_on:g}",
            ratio=handed_on / given,
            detail={"at": "ties"},
        )
