"""Layers that do one thing when training and another when testing: dropout, batch normalisation.

Dropout must give when testing the mean of what it gives when training; a normalisation must give there what
its running statistics say, whatever the batch. Must not know how it is said.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.lines import start_of
from convlens.check.measuring import alike
from convlens.check.outcome import Finding
from convlens.check.probe import Probe
from convlens.check.subject import Broken, Subject

__all__ = ["phase_findings"]

_FLAG = re.compile(r"(is_?)?(train|training)(_?(flg|flag|mode|phase))?", re.IGNORECASE)
_NORM = re.compile(r"batch_?norm|^bn|norm(al)?i[sz]ation$")
_MODES = ("mode", "phase")
_MANY = (60, 50)  # rows and columns of ones that are dropped
_NEAR = 0.08  # how far a mean of so many may be off: 8 of its standard deviations
_PASSES = 150  # after which running statistics are those of the one batch

Call = Callable[[Any, Array, bool], Array]
"""(copy, input, whether it trains) → output."""


def phase_findings(probe: Probe) -> Iterator[Finding]:
    """Yield what is wrong with a dropout's or a normalisation's output when testing.

    Args:
        probe: the layer at an input.
    """
    subject = probe.subject
    name = subject.name.lower()
    call = _call_of(subject)
    if call is None:
        return
    try:
        if "drop" in name and "connect" not in name:
            cause = _of_dropout(subject, call)
        elif re.search(r"batch_?norm|^bn|norm(al)?i[sz]ation$", name) and not re.search(
            "layer|group|inst", name
        ):
            cause = _of_normalisation(subject, call, probe.x)
        else:
            return
    except (Broken, ValueError, TypeError):  # it takes no such input: nothing is known
        return
    if cause is not None:
        says = subject.forward_says
        yield Finding("testing", "output", (cause,), says, start_of(subject.kind, says))


def _call_of(subject: Subject) -> Call | None:
    """Return how a layer is told that it trains or tests; None where it cannot be told."""
    method = getattr(subject.kept, subject.forward_name)
    flag = next((name for name in inspect.signature(method).parameters if _FLAG.fullmatch(name)), None)
    if flag is not None:
        return lambda layer, x, train: _asked(subject, layer, x, **{flag: train})
    held = vars(subject.kept) if hasattr(subject.kept, "__dict__") else {}
    attribute = next(
        (name for name, one in held.items() if _FLAG.fullmatch(name) and isinstance(one, bool)), None
    )
    table = next(
        (name for name, one in held.items() if isinstance(one, dict) and set(_MODES) & set(one)), None
    )
    if attribute is None and table is None:
        return None

    def call(layer: Any, x: Array, train: bool) -> Array:  # noqa: ANN401
        if attribute is not None:
            setattr(layer, attribute, train)
        else:
            settings = getattr(layer, str(table))
            settings.pop("seed", None)
            settings.update(dict.fromkeys(set(_MODES) & set(settings), "train" if train else "test"))
        return _asked(subject, layer, x)

    return call


def _asked(subject: Subject, layer: Any, x: Array, **flags: bool) -> Array:  # noqa: ANN401
    with subject.asked(subject.forward_name), np.errstate(all="ignore"):
        given = getattr(layer, subject.forward_name)(x.copy(), **flags)
    return np.asarray(given[0] if isinstance(given, tuple) else given, np.float64)


def _of_dropout(subject: Subject, call: Call) -> str | None:
    ones = np.ones(_MANY)
    training, testing = call(subject.fresh(), ones, True), call(subject.fresh(), ones, False)
    if training.shape != ones.shape or testing.shape != ones.shape or np.all(training != 0):
        return None  # nothing is dropped: it is something else
    if np.any(testing != testing.flat[0]):
        return "dropout_testing"
    return None if abs(float(testing.flat[0]) - float(training.mean())) <= _NEAR else "dropout_scale"


def _of_normalisation(subject: Subject, call: Call, x: Array) -> str | None:
    layer = subject.fresh()
    for _ in range(_PASSES):
        last = call(layer, x, True)
    whole, one = call(layer, x, False), call(layer, x[:1], False)
    if not alike(whole[:1], one, 1e-6):
        return "running_unused"
    spread = float(np.abs(last - last.mean()).max())
    return None if float(np.abs(whole - last).max()) <= 0.5 * spread else "running_unused"
