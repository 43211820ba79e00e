"""The order of labelled pictures that lie sorted by class, and which of them are tested on.

The first n of every n are shared out among the classes as all are, so that whoever takes some of them takes
some of each. Must not know pictures.
"""

import numpy as np

from convlens._typing import IntArray
from convlens.streams import stream

__all__ = ["TEST_SHARE", "held_out_for_tests", "is_sorted", "shared_out"]

TEST_SHARE = 6
"""One picture of so many is tested on where a data set has no test part: as many as are held out of it."""


def shared_out(labels: IntArray, seed: int) -> IntArray:
    """Return the places of all pictures in an order at random, in which classes take turns by their shares.

    Picture k of the n of its class comes at a random moment between k/n and (k+1)/n.

    Args:
        labels: class numbers (N,).
        seed: of the order.
    """
    draw = stream(seed, "order of the pictures of a data set")
    moments = np.empty(len(labels))
    for label in np.unique(labels):
        places = draw.permutation(np.flatnonzero(labels == label))
        moments[places] = (np.arange(len(places)) + draw.random(len(places))) / len(places)
    return np.argsort(moments, kind="stable")


def held_out_for_tests(labels: IntArray, seed: int) -> tuple[IntArray, IntArray]:
    """Return the places of the pictures that are trained on, and of those that are tested on, in order.

    Of each class a sixth is tested on, rounded, and one picture at least where it has two.
    """
    draw = stream(seed, "test part of a data set")
    is_tested = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        places = draw.permutation(np.flatnonzero(labels == label))
        n = max(1, round(len(places) / TEST_SHARE)) if len(places) > 1 else 0
        is_tested[places[:n]] = True
    return np.flatnonzero(~is_tested), np.flatnonzero(is_tested)


def is_sorted(labels: IntArray) -> bool:
    """Say whether pictures lie class by class, so that the first of them are all of one."""
    changes = int(np.count_nonzero(np.diff(labels.astype(np.int64))))
    return changes < len(np.unique(labels)) <= len(labels) // 2
