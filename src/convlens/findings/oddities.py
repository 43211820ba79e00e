"""Filters that do nothing, and filters that do the same, by stated rules. Must not know figures or words."""

from dataclasses import dataclass

import numpy as np

from convlens._typing import Array
from convlens.arguments import Count, as_annotated
from convlens.findings.weights import layer_of, weights
from convlens.interrupts import heed
from convlens.runs import Run
from convlens.spec import BatchNormalization, LayerShape, NetworkSpec, Purpose

__all__ = ["ALIKE", "TWINS", "Oddities", "oddities", "twin_filters"]

TWINS = 0.95
"""Twins: the cosine of the angle between two filters' weights is at least this."""

ALIKE = 0.95
"""Two filters respond alike: their responses at all places of the test images correlate at least so much."""

_CHUNK = 100
_CONSTANT = 1e-3  # of the size of its values: a filter that changes less than this responds to nothing


@dataclass(frozen=True)
class Oddities:
    """What is odd about the filters of one layer after training; filters are numbered from 1.

    Attributes:
        layer: its name.
        n_filters: how many it has.
        seed: of the run.
        n_images: on how many test images it was looked how they respond.
        dead: those that never react; None where no ReLU follows, so that the question has no meaning.
        twins: groups of two or more with nearly the same weights.
        alike: those that respond like another one, whatever their weights are.
    """

    layer: str
    n_filters: int
    seed: int
    n_images: int
    dead: tuple[int, ...] | None
    twins: tuple[tuple[int, ...], ...]
    alike: tuple[int, ...]


@as_annotated
def oddities(run: Run, layer: str | None = None, n_images: Count = 1000) -> Oddities:
    """Look for dead and twin filters.

    Args:
        run: a finished run.
        layer: its name ("C3") or its weights' name ("W2"); None for the first with filters.
        n_images: how many images from the start of the test set are shown to the network.

    Raises:
        UsageError: there are no such filters.
    """
    row, _ = layer_of(run, layer)
    found = _responses(run, row.name, n_images)
    dead = None if found.reacts is None else np.asarray(~found.reacts)
    after = weights(run, layer).after
    alive = np.ones(len(after), bool) if dead is None else ~dead
    return Oddities(
        layer=row.name,
        n_filters=len(after),
        seed=run.seed,
        n_images=min(n_images, len(run.data.test)),
        dead=None if dead is None else _numbers(dead),
        twins=twin_filters(after, alive),
        alike=_numbers(np.asarray((found.correlation >= ALIKE).any(axis=1))),
    )


def _numbers(chosen: Array) -> tuple[int, ...]:
    """Return the places from 1 of what is chosen."""
    return tuple((np.flatnonzero(chosen) + 1).tolist())


@dataclass(frozen=True, eq=False)
class _Responses:
    """How the filters of a layer respond to images, behind the activation that follows it, if one does.

    A normalisation may stand between: what it does to a filter's responses is the filter's.

    Attributes:
        reacts: which are above zero anywhere, (F,); None where the question has no meaning.
        correlation: of their responses at all places, (F, F); 0 with itself, and where one never changes.
    """

    reacts: Array | None
    correlation: Array


def _activation_behind(spec: NetworkSpec, layer: str) -> LayerShape | None:
    """Return the activation that reads what a layer gives, at once or through a normalisation."""
    for row in spec.behind(layer):
        if row.layer.purpose is Purpose.ACTIVATION:
            return row
        if isinstance(row.layer, BatchNormalization):
            return _activation_behind(spec, row.name)
    return None


def _responses(run: Run, layer: str, n_images: int) -> _Responses:
    following = _activation_behind(run.spec, layer)
    behind = following.name if following is not None else layer
    network, images = run.network(), run.data.test.head(n_images).x
    reacts, n_values, sums, products = np.zeros(0, bool), 0, np.zeros(0), np.zeros((0, 0))
    for start in range(0, len(images), _CHUNK):
        heed()
        found = network.activations(images[start : start + _CHUNK], behind)[behind]
        values = found.swapaxes(0, 1).reshape(found.shape[1], -1)
        if not start:
            reacts = np.zeros(len(values), bool)
            sums, products = np.zeros(len(values)), np.zeros((len(values), len(values)))
        reacts |= (values > 0).any(axis=1)
        sums += values.sum(axis=1, dtype=np.float64)
        products += values @ values.T
        n_values += values.shape[1]
    return _Responses(
        reacts if following is not None and following.layer.zero_below_zero else None,
        _correlation(n_values, sums, products),
    )


def _correlation(n: int, sums: Array, products: Array) -> Array:
    """Return correlations from sums over n values and over their products."""
    covariance = products / n - np.outer(sums, sums) / n**2
    deviation = np.sqrt(np.maximum(np.diag(covariance), 0))
    constant = deviation <= _CONSTANT * np.sqrt(np.diag(products) / n)
    scale = np.where(constant, np.inf, deviation)
    found = covariance / np.outer(scale, scale)
    np.fill_diagonal(found, 0)
    return found


def twin_filters(filters: Array, among: Array | None = None) -> tuple[tuple[int, ...], ...]:
    """Return groups of filters with nearly the same weights, numbered from 1.

    Two are twins if the cosine of the angle between their weights is at least `TWINS`, whatever their
    strength; a group holds all that are twins of its first.

    Args:
        filters: (F, C, kh, kw).
        among: which of them are looked at, (F,); None for all.
    """
    flat = filters.reshape(len(filters), -1).astype(np.float64)
    lengths = np.sqrt((flat**2).sum(axis=1))
    alike = flat @ flat.T >= TWINS * np.outer(lengths, lengths)
    left = (lengths > 0) if among is None else (lengths > 0) & among
    groups = []
    for first in range(len(flat)):
        if left[first]:
            members = np.flatnonzero(alike[first] & left)
            left[members] = False
            if len(members) > 1:
                groups.append(tuple((members + 1).tolist()))
    return tuple(groups)
