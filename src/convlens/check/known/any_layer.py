"""Faults that a derivative may have whatever the layer computes: scale, sign, place. Must not know layers.

The factors are tried on what is right; a factor of no meaning is told as a ratio only.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.known.known import Suspects
from convlens.check.names import base_of

__all__ = ["factors", "in_any_layer", "is_bias", "ratio", "weights_within"]

_USUAL_RATES = (0.1, 0.05, 0.01, 0.005, 0.001, 0.0001)
_SCALES = {"gamma", "scale", "g"}
_RATES = {"lr", "learning_rate", "eta", "alpha", "learningrate", "rate"}


def in_any_layer(
    target: str, right: Mapping[str, Array], n: int, settings: Mapping[str, Any], places: int = 1
) -> Suspects:
    """Yield what a faulty layer may give as the derivative by `target`.

    Args:
        target: "x", or a parameter's path.
        right: the right derivatives, as far as they are known.
        n: samples in the batch.
        settings: the layer's own numbers, such as its learning rate.
        places: how many outputs of a sample share the parameters.
    """
    gradient = right[target]
    for key, factor in factors(n, settings, places):
        yield key, gradient * factor
    beside = (one for key, one in right.items() if key not in {"x", target})
    is_beside = gradient.ndim == 1 and base_of(target) not in _SCALES and any(one.ndim > 1 for one in beside)
    yield ("bias_still" if is_beside or is_bias(target, gradient) else "nothing"), np.zeros_like(gradient)
    if gradient.ndim >= 2:
        yield from (("transposed", made) for made in _turned(gradient))
    for other, found in right.items():
        if other != target and "x" not in {other, target}:
            yield "wrong_parameter", found
            if found.size == gradient.size:
                yield "wrong_parameter", found.reshape(gradient.shape)
    yield "absolute", np.abs(gradient)


def is_bias(path: str, array: Array) -> bool:
    """Say whether a parameter is called as a bias is, and has the shape of one."""
    return base_of(path).rstrip("0123456789_") in {"b", "bs", "bias", "biases", "beta"} and array.size == max(
        array.shape
    )


def _turned(gradient: Array) -> Iterator[Array]:
    yield gradient.T
    yield gradient.T.reshape(gradient.shape)
    if gradient.ndim > 2:
        yield gradient.swapaxes(-1, -2)


def factors(n: int, settings: Mapping[str, Any], places: int = 1) -> Iterator[tuple[str, float]]:
    """Yield the factors that have a meaning: the batch's size, the sign, the learning rate, a two."""
    yield "sign", -1.0
    if n > 1:
        yield from (("batch", 1.0 / n), ("batch", float(n)))
        yield from (("batch_sign", -1.0 / n), ("batch_sign", -float(n)))
    if places > 1:
        yield from (("mean", 1.0 / places), ("mean", 1.0 / (n * places)))
    for name, value in settings.items():
        if name in _RATES and isinstance(value, int | float) and value not in {0, 1}:
            yield from (("rate", float(value)), ("rate", -float(value)))
    yield from (("rate", sign * rate) for rate in _USUAL_RATES for sign in (1, -1))
    own = {
        float(value) for name, value in settings.items() if name in _RATES and isinstance(value, int | float)
    }
    yield from (("two", factor) for factor in (2.0, 0.5) if factor not in own)


def ratio(got: Array, expected: Array, tolerance: float) -> float | None:
    """Return the one factor by which an array differs from what is right; None where there is none."""
    if got.shape != expected.shape or not got.size:
        return None
    whole = float((expected * expected).sum())
    if not whole or not np.isfinite(got).all():
        return None
    factor = float((got * expected).sum()) / whole
    off = float(np.abs(got - factor * expected).max())
    largest = float(np.abs(got).max())
    return factor if largest and off <= tolerance * largest else None


def weights_within(at: Array, got: Array, expected: Array, measured: Array) -> float | None:
    """Return which multiple of the parameter itself is too much in its derivative; None where it is none."""
    off, weights = (got - expected)[measured], at[measured]
    whole = float((weights * weights).sum())
    factor = float((off * weights).sum()) / whole if whole else 0.0
    largest = float(np.abs(off).max(initial=0))
    if not factor or weights.size < 3 or largest <= 1e-4 * float(np.abs(got).max(initial=0)):
        return None
    return factor if float(np.abs(factor * weights - off).max()) <= 1e-3 * largest else None
