"""What an estimator is given becomes pictures of the network's shape. Must not know networks.

The rule for numbers: uint8 is bytes, 0 to 255, which the network scales to 0…1; numbers of any other type
are taken as they are. It is the rule at `fit` and at `predict`, so pictures keep their type between them.
"""

from math import isqrt, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import validate_data

from convlens.errors import ShapeError, shown

__all__ = ["labelled_pictures", "picture_shape", "pictures_of"]

Shape = tuple[int, int, int]

_COLOURS = (1, 3, 4)
"""Of grey pictures, of such in red, green and blue, and of the latter with transparency."""


def _rows_of(X: Any) -> tuple[Any, Shape | None]:  # noqa: ANN401
    """Return what was given as rows of numbers, and the pictures' shape where it had one.

    (N, H, W) are grey pictures, (N, C, H, W) have channels, in an array or in lists; anything else is left to
    scikit-learn to judge.
    """
    X = _stacked(X) if isinstance(X, list | tuple) else X
    shape = getattr(X, "shape", ())
    if not isinstance(X, np.ndarray) or len(shape) not in {3, 4} or not len(X):
        return X, None
    own = (1, *shape[1:]) if len(shape) == 3 else shape[1:]
    return X.reshape(len(X), -1), own


def _stacked(given: list[Any] | tuple[Any, ...]) -> Any:  # noqa: ANN401
    """Return pictures in a list as one array; anything else as it was given."""
    try:
        array = np.asarray(given)
    except ValueError:  # pictures of several sizes, or no pictures
        return given
    return array if array.ndim in {3, 4} and array.dtype.kind in "biuf" else given


def picture_shape(asked: Any, own: Shape | None, n_features: int) -> Shape:  # noqa: ANN401
    """Return the shape of pictures that have so many numbers each.

    Args:
        asked: `input_shape` of the estimator: (height, width), (channels, height, width) or None.
        own: the shape that they came in, if they did not come as rows.
        n_features: how many numbers each has.

    Returns:
        What was asked for, or their own; else, where the number is a square, that of a square grey picture,
        and that of a row of numbers where it is none.

    Raises:
        ShapeError: what was asked for is not theirs, or their colours seem to be their last axis.
    """
    if asked is not None:
        return _asked(asked, own, n_features)
    if own is not None:
        _require_channels_first(own)
        return own
    side = isqrt(n_features)
    return (1, side, side) if side**2 == n_features else (1, 1, n_features)


def _require_channels_first(own: Shape) -> None:
    """Refuse pictures whose colours are their last axis: they would be learned from, badly."""
    *others, last = own
    if last in _COLOURS and last < min(others):
        rule = "(N, C, H, W), with the channels before height and width"
        remedy = f"Give np.moveaxis(X, -1, 1), or say `input_shape={own}` if that is what they are"
        raise ShapeError(
            f"`X` of ConvNetClassifier must be {rule}. Got (N, {', '.join(map(str, own))}). {remedy}."
        )


def labelled_pictures(
    estimator: Any,  # noqa: ANN401
    X: Any,  # noqa: ANN401
    y: Any,  # noqa: ANN401
    dtype: str,
) -> tuple[NDArray[Any], NDArray[Any], Shape | None]:
    """Return rows of numbers that scikit-learn has looked through, labels, and the shape that they came in.

    Args:
        estimator: is told how many features there are and what they are called.
        X: as users give them.
        y: the same.
        dtype: what everything but bytes becomes.
    """
    rows, own = _rows_of(X)
    found, labels = validate_data(estimator, rows, y, dtype=[np.dtype(dtype), np.dtype(np.uint8)], order="C")
    return found, labels, own


def pictures_of(estimator: Any, X: Any, dtype: str) -> tuple[NDArray[Any], Shape | None]:  # noqa: ANN401
    """Return the same of pictures without labels, which must have the features of those before."""
    rows, own = _rows_of(X)
    wanted = [np.dtype(dtype), np.dtype(np.uint8)]
    return validate_data(estimator, rows, dtype=wanted, order="C", reset=False), own


def _asked(asked: Any, own: Shape | None, n_features: int) -> Shape:  # noqa: ANN401
    sizes = tuple(asked) if isinstance(asked, tuple | list) else ()
    shape = (1, *sizes) if len(sizes) == 2 else sizes
    if len(shape) != 3 or not all(isinstance(n, int | np.integer) and n > 0 for n in shape):
        rule = "None, (height, width) or (channels, height, width), positive ints"
        raise ShapeError(f"`input_shape` of ConvNetClassifier must be {rule}. Got {shown(asked)}.")
    if prod(shape) != n_features or (own is not None and own != shape):
        found = f"pictures of {own}" if own is not None else f"{n_features} numbers a picture"
        raise ShapeError(f"`input_shape` of ConvNetClassifier must be that of `X`. Got {shape}, and {found}.")
    return shape
