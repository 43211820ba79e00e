"""How thick a stroke is, and the same stroke by another pen. Must not know where the digit came from.

In a stroke of even width w, the mean distance of its points from its edge is w / 4. Points are moved over the
edge by as much as half the difference between two pens, and the new edge is as soft as MNIST's.
"""

import numpy as np

from convlens._typing import Array
from convlens.data.handwriting.morphology import Mask, distances

__all__ = ["inked_anew", "stroke_width"]


def stroke_width(inside: Mask) -> float:
    """Return the mean width of strokes in dots; some dots must be inside."""
    distance = distances(_framed(inside))[1:-1, 1:-1]
    return float(4.0 * (distance[inside].sum() / int(inside.sum()) - 0.5))


def inked_anew(inside: Mask, wider: float, soft: float) -> Array:
    """Return strokes by another pen.

    Args:
        inside: where the strokes are.
        wider: by how many dots; negative to make them thinner.
        soft: over how many dots an edge fades.

    Returns:
        0 to 1, of the same shape.
    """
    within = distances(_framed(inside))[1:-1, 1:-1] - 0.5
    outside = distances(~inside) - 0.5
    signed = np.where(inside, within, -outside)
    return np.clip((signed + wider / 2.0) / soft + 0.5, 0.0, 1.0)


def _framed(inside: Mask) -> Mask:
    """Return it within a frame of dots that are not inside, so that a border is an edge."""
    return np.pad(inside, 1)
