"""Labels in another form, and the order of class names. Must not know which data set they belong to."""

import re

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlens.arrays import as_array
from convlens.errors import ShapeError, UsageError, shown

__all__ = ["MOST_CLASSES", "MOST_OWN_CLASSES", "natural", "one_hot"]

MOST_CLASSES = 10_000
"""More classes than a set of pictures has."""

MOST_OWN_CLASSES = 100
"""Of folders of pictures and archives: a table of more nobody reads."""


def natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return what names are sorted by so that the numbers in them count.

    >>> sorted(["10", "2", "b", "a"], key=natural)
    ['2', '10', 'a', 'b']
    """
    pieces = re.split(r"([0-9]+)", name.casefold())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces if piece], name


def one_hot(labels: ArrayLike, n_classes: int) -> NDArray[np.float64]:
    """Return one row for each label, with a 1 in the label's column and 0 elsewhere.

    Args:
        labels: integers 0 to n_classes - 1, shape (N,).
        n_classes: the number of columns, 1 or more.

    Returns:
        float64, (N, n_classes).

    Raises:
        ShapeError: the labels do not have exactly one axis.
        UsageError: a label is not an integer, or has no column.

    >>> one_hot([1, 0], 3)
    array([[0., 1., 0.],
           [1., 0., 0.]])
    """
    array = as_array("`labels` of one_hot", labels)
    if array.ndim != 1:
        raise ShapeError(f"`labels` of one_hot must have shape (N,). Got shape {array.shape}.")
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise UsageError(f"`labels` of one_hot must be integers. Got {array.dtype}.")
    is_whole = isinstance(n_classes, int | np.integer) and not isinstance(n_classes, bool)
    if not is_whole or not 1 <= n_classes <= MOST_CLASSES:
        raise UsageError(
            f"`n_classes` of one_hot must be an int, 1 or more and at most {MOST_CLASSES:,}. "
            f"Got {shown(n_classes)}."
        )
    outside = array[(array < 0) | (array >= n_classes)]
    if outside.size:
        raise UsageError(f"`labels` of one_hot must be 0 to {n_classes - 1}. Got {outside[0]}.")
    rows = np.zeros((len(array), n_classes))
    rows[np.arange(len(array)), array.astype(np.intp)] = 1
    return rows
