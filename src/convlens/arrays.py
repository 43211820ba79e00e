"""What a user gives as an array. Must not know what it is for."""

from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.errors import ShapeError, WrongTypeError, shown

__all__ = ["as_array", "as_numbers"]


def as_array(what: str, value: Any) -> Array:  # noqa: ANN401
    """Return `value` as an array, itself where it is one.

    Args:
        what: how a message names it: "`x` of Trainer".
        value: an array, or lists of numbers.

    Raises:
        ShapeError: it is a list of lists of different lengths, or too deep for an array.
        WrongTypeError: it is something that NumPy cannot make an array of.
    """
    try:
        return np.asarray(value)
    except ValueError:
        raise ShapeError(f"{what} must be one array: its parts have different shapes.") from None
    except (TypeError, OverflowError) as error:
        raise WrongTypeError(f"{what} must be an array of numbers. NumPy says: {error}.") from None


def as_numbers(what: str, value: Any) -> Array:  # noqa: ANN401
    """Return `value` as an array of numbers; True and False are 1 and 0.

    Args:
        what: how a message names it: "`x` of softmax".
        value: an array, lists of numbers, or a number.

    Raises:
        ShapeError: it is a list of lists of different lengths, or too deep for an array.
        WrongTypeError: it does not hold numbers.
    """
    array = as_array(what, value)
    if array.dtype.kind not in "biuf":
        found = shown(value) if array is not value or not array.ndim else f"an array of {array.dtype}"
        raise WrongTypeError(f"{what} must be numbers. Got {found}.")
    return array.astype(np.int64) if array.dtype.kind == "b" else array
