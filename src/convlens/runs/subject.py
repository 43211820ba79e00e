"""What a run's pictures are of, as far as rooms speak of it: digits or anything. Must not know words."""

import numpy as np

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.runs.data import is_bundled
from convlens.runs.folder import Run

__all__ = ["is_made_like_mnist", "speaks_of_digits"]

_DIGITS = tuple("0123456789")
_LOOKED_AT = 200
_SIDE, _MARGIN = 28, 2  # MNIST's pictures, and the rows and columns at their edges that are nearly empty
_AT_MARGIN = 0.02  # of the mean ink, so much may be there on average
_OFF = 1.5  # pixels by which a picture's centre of mass may be off the middle on average


@as_annotated
def speaks_of_digits(run: Run) -> bool:
    """Say whether a run's pictures are spoken of as digits: its classes are "0" to "9", made as MNIST was.

    Where nobody named the classes of a folder, they are "0" to "9", too, whatever its pictures are of.
    """
    if run.class_names != _DIGITS or not run.is_grey:
        return False
    return is_bundled(run.data_source) or is_made_like_mnist(run)


@as_annotated
def is_made_like_mnist(run: Run) -> bool:
    """Say whether pictures were made as MNIST's: light ink in the middle of 28 x 28 black pixels.

    MNIST's digits were fitted into 20 x 20 pixels, and their centre of mass was put into the middle.
    """
    if run.spec.input_shape != (1, _SIDE, _SIDE):
        return False
    return is_bundled(run.data_source) or _is_centred(run.data.test.x[:_LOOKED_AT, 0].astype(np.float64))


def _is_centred(pictures: Array) -> bool:
    """Say whether there is ink in the middle of pictures (N, H, W) and hardly any at their edges."""
    inner = pictures[:, _MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    n_outer = pictures.size - inner.size
    outer = (pictures.sum() - inner.sum()) / n_outer
    if not pictures.any() or outer > _AT_MARGIN * pictures.mean():
        return False
    inked = pictures[pictures.any(axis=(1, 2))]
    places = np.arange(_SIDE) - (_SIDE - 1) / 2
    mass = inked.sum(axis=(1, 2))
    down = (inked.sum(axis=2) @ places) / mass
    right = (inked.sum(axis=1) @ places) / mass
    return bool(np.hypot(down, right).mean() < _OFF)
