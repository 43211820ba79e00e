"""Optimizers that everybody writes, and their faults, as paths of one parameter. Must not know reports.

What an optimizer does is a sequence: from gradients g₁, g₂, … come parameters p₁, p₂, …. Two that differ only
in where a small number stands, or how the start is corrected, are both right.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from convlens._typing import Array

__all__ = ["Rule", "faulty_paths", "kind_of", "right_paths", "right_rules"]

Path = list[Array]
Rule = Callable[[Array, Array, dict[str, Any]], Array]
"""(parameter, gradient, memory) → new parameter."""

_KINDS = (
    ("nesterov", ("nesterov", "nag")),
    ("momentum", ("momentum",)),
    ("adagrad", ("adagrad",)),
    ("rmsprop", ("rmsprop",)),
    ("adam", ("adam",)),
    ("sgd", ("sgd", "gradientdescent", "gradient_descent")),
)
_OTHERS = ("adamw", "adamax", "nadam", "radam", "amsgrad", "adadelta", "schedule")


def kind_of(name: str) -> str | None:
    """Return which optimizer a class is called after.

    >>> [kind_of(name) for name in ("SGD", "MyAdam", "AdamW", "MomentumSGD")]
    ['sgd', 'adam', None, 'momentum']
    """
    small = name.lower()
    if any(other in small for other in _OTHERS):
        return None
    return next((kind for kind, words in _KINDS if any(word in small for word in words)), None)


def _walk(rule: Rule, start: Array, gradients: Sequence[Array]) -> Path:
    memory: dict[str, Any] = {"t": 0, "m": np.zeros_like(start), "v": np.zeros_like(start)}
    path, here = [], start.copy()
    for gradient in gradients:
        memory["t"] += 1
        here = rule(here, gradient, memory)
        path.append(here.copy())
    return path


def _settings(found: Mapping[str, Any]) -> dict[str, float]:
    """Return the numbers of a rule, by one name each, as the object calls them."""
    usual = {
        "lr": (("lr", "learning_rate", "eta", "alpha", "rate"), 0.01),
        "momentum": (("momentum", "mu", "beta", "gamma", "rho", "m"), 0.9),
        "decay": (("decay_rate", "rho", "decay", "beta", "gamma", "alpha"), 0.99),
        "beta1": (("beta1", "beta_1", "b1"), 0.9),
        "beta2": (("beta2", "beta_2", "b2"), 0.999),
    }
    return {
        key: next((float(found[name]) for name in names if isinstance(found.get(name), int | float)), default)
        for key, (names, default) in usual.items()
    }


def _rules(kind: str, s: Mapping[str, float]) -> Iterator[Rule]:
    """Yield the right rules of a kind: all that books and papers have."""
    lr, mu, rho, b1, b2 = s["lr"], s["momentum"], s["decay"], s["beta1"], s["beta2"]
    if kind == "sgd":
        yield lambda p, g, _: p - lr * g
    elif kind == "momentum":
        yield lambda p, g, k: p + _keep(k, "m", mu * k["m"] - lr * g)
        yield lambda p, g, k: p - lr * _keep(k, "m", mu * k["m"] + g)
        yield lambda p, g, k: p - lr * _keep(k, "m", mu * k["m"] + (1 - mu) * g)
    elif kind == "nesterov":
        yield lambda p, g, k: p - mu * k["m"] + (1 + mu) * _keep(k, "m", mu * k["m"] - lr * g)
        yield lambda p, g, k: p + mu * _keep(k, "m", mu * k["m"] - lr * g) - lr * g
        yield lambda p, g, k: p - lr * (g + mu * _keep(k, "m", mu * k["m"] + g))
    elif kind == "adagrad":
        yield lambda p, g, k: p - lr * g / np.sqrt(_keep(k, "v", k["v"] + g * g))
    elif kind == "rmsprop":
        yield lambda p, g, k: p - lr * g / np.sqrt(_keep(k, "v", rho * k["v"] + (1 - rho) * g * g))
    elif kind == "adam":
        yield lambda p, g, k: p - lr * _adam(g, k, b1, b2, corrected=True)


def _keep(memory: dict[str, Any], name: str, value: Array) -> Array:
    memory[name] = value
    return value


def _adam(g: Array, k: dict[str, Any], b1: float, b2: float, *, corrected: bool) -> Array:
    m, v = _keep(k, "m", b1 * k["m"] + (1 - b1) * g), _keep(k, "v", b2 * k["v"] + (1 - b2) * g * g)
    if not corrected:
        return m / np.sqrt(v)
    return m / (1 - b1 ** k["t"]) / np.sqrt(v / (1 - b2 ** k["t"]))


def right_paths(
    kind: str, found: Mapping[str, Any], start: Array, gradients: Sequence[Array]
) -> Iterator[Path]:
    """Yield where an optimizer of this kind goes.

    Args:
        kind: what `kind_of` gave.
        found: the object's own numbers, by name.
        start: the parameter.
        gradients: one a step.
    """
    for rule in _rules(kind, _settings(found)):
        yield _walk(rule, start, gradients)


def right_rules(kind: str, found: Mapping[str, Any]) -> list[Rule]:
    """Return the rules of an optimizer of this kind, with an object's own numbers."""
    return list(_rules(kind, _settings(found)))


def faulty_paths(
    kind: str, found: Mapping[str, Any], start: Array, gradients: Sequence[Array]
) -> Iterator[tuple[str, Path]]:
    """Yield where it goes with a fault, and the fault's key."""
    settings = _settings(found)
    lr = settings["lr"]
    for rule in _rules(kind, settings):
        yield "sign", _walk(rule, start, [-one for one in gradients])
        yield "replaced", _walk(_in_place_of(rule), start, gradients)
        yield "memory_lost", _walk(_forgetful(rule), start, gradients)
    yield "bias_still", [start.copy() for _ in gradients]
    for key, rate in (("rate_forgotten", 1.0), ("rate_twice", lr * lr)):
        yield from ((key, _walk(rule, start, gradients)) for rule in _rules(kind, {**settings, "lr": rate}))
    for key, rule in _own_faults(kind, settings):
        yield key, _walk(rule, start, gradients)


def _own_faults(kind: str, s: Mapping[str, float]) -> Iterator[tuple[str, Rule]]:
    """Yield the rules of those who wrote this very one wrongly."""
    lr, mu, b1, b2 = s["lr"], s["momentum"], s["beta1"], s["beta2"]
    if kind == "momentum":
        yield "sign", lambda p, g, k: p - _keep(k, "m", mu * k["m"] - lr * g)
        yield "sign", lambda p, g, k: p + _keep(k, "m", mu * k["m"] + lr * g)
    elif kind in {"adagrad", "rmsprop"}:
        rho = s["decay"] if kind == "rmsprop" else 1.0
        new = 1 - rho if kind == "rmsprop" else 1.0
        yield "root_forgotten", lambda p, g, k: p - lr * g / _keep(k, "v", rho * k["v"] + new * g * g)
        yield "square_forgotten", _unsquared(lr, rho, new)
        if kind == "rmsprop":
            yield from (("decay", _decaying(lr, *shares)) for shares in ((rho, 1.0), (1 - rho, rho)))
    elif kind == "adam":
        yield "uncorrected", lambda p, g, k: p - lr * _adam(g, k, b1, b2, corrected=False)
        yield "decay", lambda p, g, k: p - lr * _adam(g, k, 1 - b1, 1 - b2, corrected=True)
        yield "decay", lambda p, g, k: p - lr * _adam(g, k, b2, b1, corrected=True)


def _unsquared(lr: float, old: float, fresh: float) -> Rule:
    return lambda p, g, k: p - lr * g / np.sqrt(_keep(k, "v", old * k["v"] + fresh * np.abs(g)))


def _decaying(lr: float, old: float, fresh: float) -> Rule:
    return lambda p, g, k: p - lr * g / np.sqrt(_keep(k, "v", old * k["v"] + fresh * g * g))


def _in_place_of(rule: Rule) -> Rule:
    return lambda p, g, k: rule(p, g, k) - p


def _forgetful(rule: Rule) -> Rule:
    def forget(p: Array, g: Array, k: dict[str, Any]) -> Array:
        k["m"], k["v"] = np.zeros_like(p), np.zeros_like(p)
        return rule(p, g, k)

    return forget
