"""Filters that do nothing, and filters that do the same, by stated rules. Must not know figures or words."""

from dataclasses import dataclass

import numpy as np

from convlens._typing import Array
from convlens.arguments import Count, as_annotated
from convlens.findings.weights import layer_of, weights
from convlens.interrupts import heed
from convlens.runs import Run

__all__ = ["TWINS", "Oddities", "dead_filters", "oddities", "twin_filters"]

TWINS = 0.95
"""Twins: the cosine of the angle between two filters' weights is at least this."""

_CHUNK = 100


@dataclass(frozen=True)
class Oddities:
    """What is odd about the filters of one layer after training; filters are numbered from 1.

    Attributes:
        layer: its name.
        n_filters: how many it has.
        n_images: on how many test images it was looked whether they react.
        dead: those that never do; None where no ReLU follows the layer, so that the question has no meaning.
        twins: groups of two or more.
    """

    layer: str
    n_filters: int
    n_images: int
    dead: tuple[int, ...] | None
    twins: tuple[tuple[int, ...], ...]


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
    dead = dead_filters(run, layer, n_images)
    numbers = None if dead is None else tuple((np.flatnonzero(dead) + 1).tolist())
    after = weights(run, layer).after
    alive = np.ones(len(after), bool) if dead is None else ~dead
    shown = min(n_images, len(run.data.test))
    return Oddities(row.name, len(after), shown, numbers, twin_filters(after, alive))


def dead_filters(run: Run, layer: str | None = None, n_images: int = 1000) -> Array | None:
    """Return which filters never react, (F,): zero after the ReLU at every place of every image.

    Returns:
        None where no ReLU, or the like, follows the layer.
    """
    row, _ = layer_of(run, layer)
    names = [one.name for one in run.spec.table]
    place = names.index(row.name)
    following = run.spec.table[place + 1] if place + 1 < len(names) else None
    if following is None or not following.layer.zero_below_zero:
        return None
    network, images = run.network(), run.data.test.head(n_images).x
    reacts = np.zeros(row.output_shape[0], bool)
    for start in range(0, len(images), _CHUNK):
        heed()
        if reacts.all():
            break
        outputs = network.activations(images[start : start + _CHUNK], following.name)[following.name]
        reacts |= (outputs > 0).any(axis=(0, 2, 3))
    return ~reacts


def twin_filters(filters: Array, among: Array | None = None) -> tuple[tuple[int, ...], ...]:
    """Return groups of filters that look for the same, numbered from 1.

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
