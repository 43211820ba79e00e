"""A short descent of an optimizer that somebody wrote, on a bowl that all are given. Must not know files.

The first steps are known to be right, or its rule is not known: what only a descent shows is a memory that is
lost later, a rate that is off by orders of magnitude, and a rule that goes uphill.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from math import isfinite, log10
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.known.optimizers import Rule, right_rules
from convlens.check.lines import start_of
from convlens.check.outcome import Finding
from convlens.check.places import numbers_of
from convlens.check.training_own import is_rate
from convlens.check.training_reference import N_SEEDS, Reference, reference_of

__all__ = ["optimizer_trainings"]

_N_STEPS = 60
_SLOPES = np.linspace(0.1, 0.5, 8)
_MIDDLE = np.linspace(-1, 1, 8)
_USUAL = {"sgd": 1e-4, "momentum": 1e-4, "nesterov": 1e-4, "adagrad": 1e-4, "rmsprop": 1e-5, "adam": 1e-5,
          "adamw": 1e-5}  # fmt: skip
"""The least rate that anybody recommends, by kind."""

_GOOD = 0.01
_DECAYS = ("weight_decay", "wd", "decay", "lambda", "lam", "weightdecay")
_LEAST = 0.1  # of what the least rate gains
_EACH = range(5, _N_STEPS // 2)  # steps after which a memory may be lost


def optimizer_trainings(optimizer: Any, method: str, kind: str, title: str, cls: Any) -> Iterator[Finding]:  # noqa: ANN401
    """Yield what a descent shows.

    Args:
        optimizer: the object.
        method: what it steps with.
        kind: the rule that it is called after; "" where it is none that is known.
        title: what it is called.
        cls: where its code is.
    """
    kind = kind or ("adamw" if "adamw" in title.lower() else "")
    got, path = _descended(optimizer, method)
    line = start_of(cls, method)
    if kind:
        own = _reference(kind, numbers_of(optimizer), path)
        if own is not None and own.leaves_out(_log(got)):
            causes = tuple(_causes(kind, numbers_of(optimizer), got))
            yield _finding(causes, method, line, 10**own.low, 10**own.high, got)
            return
    usual = sorted(_of_usual_rates(kind))
    if got > 1 or not isfinite(got):
        yield _finding(tuple(_why_up(optimizer, method)), method, line, usual[0], usual[-1], got)
    elif kind and 1 - got < _LEAST * (1 - usual[-1]):
        causes = ("rate_small",) if _learns_at(optimizer, method, _GOOD) else ()
        yield _finding(causes, method, line, usual[0], usual[-1], got)


def _finding(
    causes: tuple[str, ...], method: str, line: int | None, low: float, high: float, got: float
) -> Finding:
    return Finding("training", "descent", causes, method, line, f"{low:.3g} … {high:.3g}", f"{got:.3g}",
                   detail={"what": "descent"})  # fmt: skip


def _log(share: float) -> float:
    return log10(max(share, 1e-300)) if isfinite(share) else share


def _start(seed: int) -> Array:
    rng = np.random.default_rng(40 + seed)
    return _MIDDLE + rng.choice([-1.0, 1.0], 8) * rng.uniform(0.5, 2, 8)


def _height(place: Array) -> float:
    return float((_SLOPES * (place - _MIDDLE) ** 2).sum())


def _slope(place: Array) -> Array:
    slope: Array = 2 * _SLOPES * (place - _MIDDLE)
    return slope


def _split(flat: Array) -> dict[str, Array]:
    return {"W": flat[:6].reshape(3, 2).copy(), "b": flat[6:].copy()}


def _descended(optimizer: Any, method: str, sign: float = 1.0) -> tuple[float, list[Array]]:  # noqa: ANN401
    """Return which share of the height is left after a descent, and where it led."""
    try:
        return _descended_in(dict, optimizer, method, sign)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        return _descended_in(list, optimizer, method, sign)  # the book's second volume has lists


def _descended_in(
    form: type[Any],
    optimizer: Any,  # noqa: ANN401
    method: str,
    sign: float,
) -> tuple[float, list[Array]]:
    made, start = copy.deepcopy(optimizer), _start(0)
    step: Callable[..., Any] = getattr(made, method)
    params = _split(start)
    given: Any = params if form is dict else list(params.values())
    path = [start]
    for _ in range(_N_STEPS):
        grads = {key: sign * one for key, one in _split(_slope(path[-1])).items()}
        step(given, grads if form is dict else list(grads.values()))
        held = given.values() if form is dict else given
        path.append(np.concatenate([np.asarray(one, float).reshape(-1) for one in held]))
    return _height(path[-1]) / _height(start), path


def _walk(rule: Rule, start: Array, forget: int = 0) -> list[Array]:
    """Return where a rule leads; its memory may be lost after so many steps, again and again."""
    memory: dict[str, Any] = {}
    path = [start]
    for n in range(_N_STEPS):
        if not n or (forget and n % forget == 0):
            memory = {"t": 0, "m": np.zeros(8), "v": np.zeros(8)}
        memory["t"] += 1
        path.append(rule(path[-1], _slope(path[-1]), memory))
    return path


def _rules(kind: str, found: Mapping[str, Any]) -> list[Rule]:
    if kind != "adamw":
        return right_rules(kind, found)
    decay = next((float(found[name]) for name in _DECAYS if isinstance(found.get(name), int | float)), 0.01)
    rate = next((float(one) for name, one in found.items() if is_rate(name) and isinstance(one, float)), 0.01)
    adam = right_rules("adam", found)[0]
    return [lambda p, g, k: adam(p, g, k) - rate * decay * p, lambda p, g, k: adam(p, g, k) - decay * p]


def _reference(kind: str, found: Mapping[str, Any], path: list[Array]) -> Reference | None:
    """Return what the rule reaches with its own numbers from other places; None where it went this way."""
    rules = _rules(kind, found)
    paths = [_walk(rule, _start(0)) for rule in rules]
    off = [float(np.abs(np.array(one) - np.array(path)).max()) for one in paths]
    if any(one < 1e-3 for one in off):
        return None
    best = rules[int(np.nanargmin(np.nan_to_num(off, nan=np.inf)))]
    shares = [_log(_height(_walk(best, _start(n))[-1]) / _height(_start(n))) for n in range(1, N_SEEDS + 1)]
    reference = reference_of(shares, 0.0)
    return reference if isfinite(reference.worst) and reference.worst < 0 else None


def _of_usual_rates(kind: str) -> list[float]:
    """Return which share of the height is left at the rates that are usual for a kind."""
    least = _USUAL.get(kind, 1e-4)
    rates = np.geomspace(least, 0.1, N_SEEDS)
    rules = [_rules(kind or "sgd", {"lr": float(rate)})[0] for rate in rates]
    return [_height(_walk(rule, _start(0))[-1]) / _height(_start(0)) for rule in rules]


def _causes(kind: str, found: Mapping[str, Any], got: float) -> Iterator[str]:
    """Yield whether it is the rule whose memory is lost now and then."""
    for rule in _rules(kind, found):
        for n in _EACH:
            left = _height(_walk(rule, _start(0), n)[-1]) / _height(_start(0))
            if abs(left - got) <= 1e-3 * got:
                yield "memory_lost"
                return


def _why_up(optimizer: Any, method: str) -> Iterator[str]:  # noqa: ANN401
    """Yield why it goes uphill: it goes downhill with gradients turned over, or with a usual rate."""
    turned = _descended(optimizer, method, -1.0)[0]
    if isfinite(turned) and turned < 1:
        yield "sign"
    elif _learns_at(optimizer, method, _GOOD):
        yield "rate_large"


def _learns_at(optimizer: Any, method: str, rate: float) -> bool:  # noqa: ANN401
    """Say whether it goes downhill once its rate is a usual one."""
    other = copy.deepcopy(optimizer)
    held = vars(other) if hasattr(other, "__dict__") else {}
    tables = [held, *(one for one in held.values() if isinstance(one, dict))]
    for table in tables:
        for name in [name for name, one in table.items() if isinstance(name, str) and is_rate(name)
                     and isinstance(one, int | float)]:  # fmt: skip
            table[name] = rate
            left = _descended(other, method)[0]
            return isfinite(left) and left < 1 - 1e-3
    return False
