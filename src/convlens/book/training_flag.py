"""The book's `train_flg`: whether a forward pass is one of a training. Must not know layers."""

from numbers import Integral

import numpy as np

from convlens.errors import WrongTypeError, shown

__all__ = ["is_training"]


def is_training(train_flg: object, owner: str) -> bool:
    """Return a flag as True or False; 1 and 0 are as good.

    Raises:
        WrongTypeError: it is neither.
    """
    if isinstance(train_flg, bool | np.bool_) or (isinstance(train_flg, Integral) and train_flg in {0, 1}):
        return bool(train_flg)
    raise WrongTypeError(f"`train_flg` of {owner} must be True or False. Got {shown(train_flg)}.")
