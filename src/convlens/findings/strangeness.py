"""How far a picture is from everything that a run's pictures are. Must not know networks or words.

Training pictures are described by their mean and the fifty directions in which they differ the most
(principal components). What of a picture these cannot describe, in squares, is its distance. A picture is
called unlike the training pictures where it is farther away than all but one in a hundred pictures of the
same data that the directions were not made of.

Nothing of the network is in it: networks are sure of noise, too (see docs/predict.md for what was measured).

Reference: Jackson and Mudholkar, "Control procedures for residuals associated with principal component
analysis", Technometrics 21, 1979.
"""

from dataclasses import dataclass

import numpy as np

from convlens._typing import Array
from convlens.data.preprocessing import USUAL

__all__ = ["SHARE", "Likeness", "likeness_of"]

SHARE = 0.01
"""Of the data's own pictures that are called unlike; where there are few pictures, none."""

_DIRECTIONS = 50
_MOST = 2_000  # pictures that make the directions: more change nothing that can be measured
_MOST_OTHERS = 10_000
_NO_SPREAD = 1e-9
_AT_ONCE = 500  # pictures whose distance is computed together


@dataclass(frozen=True, eq=False)
class Likeness:
    """What a data set's pictures are like.

    Attributes:
        mean: of the training pictures, (values,), 0 to 1.
        directions: (values, at most 50), orthonormal.
        most: the distance beyond which a picture is unlike them.
        share: of the pictures that were looked at, so many are beyond it.
        n_images: how many were.
    """

    mean: Array
    directions: Array
    most: float
    share: float
    n_images: int

    def distances(self, pictures: Array) -> Array:
        """Return the distance (N,) of pictures of bytes (N, C, H, W)."""
        return _distances(pictures, self.mean, self.directions)

    def are_unlike(self, pictures: Array) -> Array:
        """Say of each picture whether it is farther away than the data's own are."""
        return self.distances(pictures) > self.most


def likeness_of(pictures: Array, others: Array) -> Likeness:
    """Return what pictures are like.

    Args:
        pictures: bytes (N, C, H, W), N ≥ 1; the first 2,000 make the directions.
        others: of the same data, none of the former; the first 10,000 say how far away is too far.
    """
    values = _values(pictures[:_MOST])
    mean = values.mean(axis=0)
    directions = _directions(values - mean)
    found = np.sort(_distances(others[:_MOST_OTHERS], mean, directions))
    n_beyond = int(SHARE * len(found))
    return Likeness(mean, directions, float(found[-1 - n_beyond]), n_beyond / len(found), len(found))


def _values(pictures: Array) -> Array:
    return USUAL.apply(pictures, "float64").reshape(len(pictures), -1)


def _directions(centred: Array) -> Array:
    """Return the directions of the largest spread, from the smaller of the two matrices that hold them."""
    from scipy.linalg import eigh  # noqa: PLC0415 (a tenth of a second, and only who asks needs it)

    n, size = centred.shape
    is_wide = size > n
    products = centred @ centred.T if is_wide else centred.T @ centred
    most = min(_DIRECTIONS, n - 1, size) or 1
    spread, vectors = eigh(products, subset_by_index=(len(products) - most, len(products) - 1))
    vectors = vectors[:, spread > _NO_SPREAD]  # pictures that are all alike have no directions
    if is_wide:
        vectors = centred.T @ vectors
        vectors /= np.linalg.norm(vectors, axis=0)
    return np.asarray(vectors)


def _distances(pictures: Array, mean: Array, directions: Array) -> Array:
    parts = []
    for start in range(0, len(pictures), _AT_ONCE):
        rest = _values(pictures[start : start + _AT_ONCE]) - mean
        rest -= (rest @ directions) @ directions.T
        parts.append((rest * rest).sum(axis=1))
    return np.concatenate(parts) if parts else np.zeros(0)
