"""What a Trainer is given, checked before anything is trained. Must not know how it trains."""

from typing import Any

import numpy as np

from convlens._typing import Array, IntArray
from convlens.arguments import SINGLE, listed
from convlens.arrays import as_array, as_numbers
from convlens.errors import ShapeError, UsageError, shown
from convlens.training.callbacks import Callback
from convlens.training.optimizers import Optimizer, as_float, decay_in_range, in_single, make_optimizer

__all__ = [
    "MOST_EPOCHS",
    "batch_size_for",
    "callbacks_given",
    "count",
    "let_decay",
    "optimizer_given",
    "pair_given",
    "paired",
    "switch",
    "tamed",
    "weights_given",
]

MOST_EPOCHS = 1_000_000
"""Passes over the pictures; more would never end."""

_MOST = 100_000_000  # pictures of an update or an evaluation, as of a run


def paired(name: str, x: Any, t: Any) -> tuple[Array, IntArray]:  # noqa: ANN401
    """Return pictures and labels as arrays, as many of one as of the other."""
    x, t = _array(f"x_{name}", x), _array(f"t_{name}", t)
    if len(x) != len(t) or not len(x):
        rule = "as many pictures as labels, at least one"
        raise ShapeError(f"`x_{name}` and `t_{name}` of Trainer must have {rule}. Got {len(x)} and {len(t)}.")
    return x, t


def _array(name: str, value: Any) -> Array:  # noqa: ANN401
    array = as_array(f"`{name}` of Trainer", value)
    if not array.ndim or array.dtype.kind not in "biuf":
        found = f"an array of {array.dtype}" if array.ndim else shown(value)
        raise UsageError(
            f"`{name}` of Trainer must be an array of numbers, one for each picture. Got {found}."
        )
    return array


def pair_given(validation: Any) -> tuple[Array, IntArray] | None:  # noqa: ANN401
    """Return further pictures and their labels, or None."""
    if validation is None:
        return None
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        found = f"{len(validation)} things" if isinstance(validation, tuple | list) else shown(validation)
        raise UsageError(f"`validation` of Trainer must be a pair (pictures, labels) or None. Got {found}.")
    return paired("validation", *validation)


def weights_given(given: Any, samples: int) -> Array | None:  # noqa: ANN401
    """Return how much each training picture counts, on average 1; None where that is all alike."""
    if given is None:
        return None
    what = "`sample_weights` of Trainer"
    weights = as_numbers(what, given)
    if weights.shape != (samples,):
        rule = f"one a training picture, ({samples},)"
        raise ShapeError(f"{what} must be {rule}. Got {weights.shape}.")
    weights = weights.astype(np.float64)
    if not np.isfinite(weights).all() or weights.min() < 0 or not weights.max() > 0:
        rule = "finite numbers, 0 or more, not all of them 0"
        found = f"{weights.min():g} to {weights.max():g}"
        raise UsageError(f"{what} must be {rule}. Got {found}.")
    weights /= weights.max()  # or their sum might overflow
    return None if weights.min() == 1 else weights / weights.mean()


def count(name: str, value: Any, most: int = _MOST) -> int:  # noqa: ANN401
    """Return a number of things, 1 or more, and at most `most`."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
        raise UsageError(f"`{name}` of Trainer must be a positive int. Got {shown(value)}.")
    if value > most:
        raise UsageError(f"`{name}` of Trainer must be at most {most:,}. Got {shown(value)}.")
    return int(value)


def batch_size_for(value: Any, samples: int, protocol: str) -> int:  # noqa: ANN401
    """Return the pictures of one update: at most all, but for the book's protocol, which draws some twice."""
    size = count("mini_batch_size", value)
    if size > samples and protocol != "book":
        rule = f"at most the number of training pictures, {samples:,}"
        raise UsageError(f"`mini_batch_size` of Trainer must be {rule}. Got {size:,}.")
    return size


def optimizer_given(given: Any, param: Any) -> Optimizer:  # noqa: ANN401
    """Return the optimizer that is named, or the very one that is given."""
    if isinstance(given, type) and issubclass(given, Optimizer):
        raise UsageError(
            f"`optimizer` of Trainer must be a name or an optimizer: {given.__name__}(), called."
        )
    if not isinstance(given, Optimizer):
        return make_optimizer(given, {"lr": 0.01} if param is None else param)
    if param is not None:
        rule = f"left out where `optimizer` is an {type(given).__name__} itself"
        raise UsageError(f"`optimizer_param` of Trainer must be {rule}. Got {shown(param)}.")
    if given.is_used:
        found = f"one that remembers {given.iter} updates: make another {type(given).__name__}"
        raise UsageError(f"`optimizer` of Trainer must be a new one. Got {found}.")
    return given


def let_decay(optimizer: Optimizer, weight_decay: Any) -> None:  # noqa: ANN401
    """Set an optimizer's `weight_decay`; None leaves it what it is."""
    if weight_decay is None:
        return
    value = decay_in_range(type(optimizer).__name__, weight_decay)
    if value and type(optimizer).update is not Optimizer.update:
        rule = "is for optimizers that leave `update` to their base"
        raise UsageError(f"`weight_decay` of Trainer {rule}. Got a {type(optimizer).__name__}.")
    optimizer.weight_decay = value


def tamed(name: str, value: Any, owner: str = "Trainer", epochs: int = MOST_EPOCHS) -> float:  # noqa: ANN401
    """Return `clip_norm`, `ema` or `warm_up`, if it is one: 0 for none.

    Args:
        name: which.
        value: what was given.
        owner: to whom, as an error says it.
        epochs: of the training, which a warm-up may last at most.
    """
    number = as_float(value)
    rules = {
        "clip_norm": (f"0 or more and finite{in_single(number)}", not number or _is_single(number)),
        "ema": ("at least 0 and below 1", 0 <= number < 1),
        "warm_up": (f"0 to its epochs, {epochs:,}", 0 <= number <= epochs),
    }
    rule, fits = rules[name]
    if not fits:
        raise UsageError(f"`{name}` of {owner} must be {rule}. Got {shown(value)}.")
    return number


def _is_single(number: float) -> bool:
    return SINGLE.least <= number <= SINGLE.most


def switch(name: str, value: Any) -> bool:  # noqa: ANN401
    """Return True or False, however it was said: scripts also write 1 and 0."""
    if not isinstance(value, bool | np.bool_ | int | np.integer) or value not in {0, 1}:
        raise UsageError(f"`{name}` of Trainer must be True or False. Got {shown(value)}.")
    return bool(value)


def callbacks_given(callbacks: Any) -> list[Callback]:  # noqa: ANN401
    """Return a list of callbacks, each an object of a class derived from Callback."""
    rule = "`callbacks` of Trainer must be a list of objects of classes derived from Callback"
    found = listed(callbacks)
    if found is None:
        raise UsageError(f"{rule}. Got {shown(callbacks)}.")
    for callback in found:
        if isinstance(callback, type) and issubclass(callback, Callback):
            raise UsageError(f"{rule}. Got the class {callback.__name__}: call it, {callback.__name__}().")
        if not isinstance(callback, Callback):
            raise UsageError(f"{rule}. Got {shown(callback)} among them.")
    return found
