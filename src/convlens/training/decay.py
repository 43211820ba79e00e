"""Which numbers weight decay counts for, and what it makes of a gradient. Must not know optimizers.

Weights decay: filters and matrices. Biases, and what scales and shifts a normalised value, do not: to pull
them towards 0 changes what a layer can say, and does not make it say anything more simply.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.spec import ParameterSpec, Role

__all__ = ["Flat", "Span", "decayed", "decaying", "shrink", "spans_of", "weight_spans"]

Span = slice | tuple[()]
"""A part of a flat vector; the empty index is a whole array."""

_WEIGHTS = (Role.FILTERS, Role.MATRIX)


class Flat(dict[str, Array]):
    """All parameters as one flat `vector`, as an optimizer is given those of a network of ours.

    Args:
        vector: the parameters.
        weights: the spans of it that decay.
    """

    def __init__(self, vector: Array, weights: Sequence[slice]) -> None:
        super().__init__(vector=vector)
        self.weights = tuple(weights)


def weight_spans(parameters: Sequence[ParameterSpec]) -> tuple[slice, ...]:
    """Return where a network's weights lie in the flat vector of what is trained, in order."""
    trained = [parameter for parameter in parameters if parameter.trained]
    return _spans([(parameter.size, parameter.role in _WEIGHTS) for parameter in trained])


def spans_of(arrays: Mapping[str, Any]) -> tuple[slice, ...]:
    """Return where the weights lie in a vector of all these arrays: those of two axes or more."""
    return _spans([(np.size(value), np.ndim(value) > 1) for value in arrays.values()])


def _spans(parts: Sequence[tuple[int, bool]]) -> tuple[slice, ...]:
    found: list[slice] = []
    start = 0
    for size, decays in parts:
        if decays and found and found[-1].stop == start:
            found[-1] = slice(found[-1].start, start + size)
        elif decays:
            found.append(slice(start, start + size))
        start += size
    return tuple(found)


def decaying(params: Mapping[str, Any], p: Array, everything: bool) -> tuple[Span, ...]:
    """Return the parts of one parameter that decay.

    Args:
        params: a network's, as `Flat`, or any dict: of that, arrays of two axes or more decay.
        p: one of them.
        everything: all of it decays, whatever it is.
    """
    if everything:
        return ((),)
    if isinstance(params, Flat):
        return params.weights
    return ((),) if p.ndim > 1 else ()


def decayed(g: Array, p: Array, decay: float, spans: Sequence[Span]) -> Array:
    """Return g + decay · p where p decays, and g elsewhere."""
    seen = g.astype(np.result_type(g, p))
    for span in spans:
        seen[span] += decay * p[span]
    return seen


def shrink(p: Array, share: float, spans: Sequence[Span]) -> None:
    """Take this share of p off it where it decays."""
    for span in spans:
        p[span] -= share * p[span]
