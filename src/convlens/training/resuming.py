"""What a resumed training needs beside its arguments, as arrays by dotted names. Must not know files.

Texts are rows of bytes and numbers are arrays without axes, so any format for arrays can hold a state.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from convlens._typing import Array, Arrays
from convlens.errors import UsageError, shown

__all__ = ["copies", "global_stream", "load_global_stream", "put", "require_fit", "text_array", "under"]

_STREAM = ("random.keys", "random.position", "random.has_gauss", "random.gauss")
_ALL_KNOWN = ("params.", "average.", "random.", "learner.")  # the Trainer's own has all of these names
_LISTS = ("train_loss_list", "train_acc_list", "test_acc_list")
_WHOLE = {"optimizer.iter": 2**53, "learner.capacity": 2**31, "random.position": 624, "random.has_gauss": 1}


def copies(prefix: str, arrays: Mapping[str, Any]) -> dict[str, Array]:
    """Return copies of arrays or numbers, with "prefix." before their names."""
    return {f"{prefix}.{name}": np.array(value) for name, value in arrays.items()}


def under(prefix: str, state: Arrays) -> dict[str, Array]:
    """Return the part of a state whose names begin with "prefix.", without it."""
    start = f"{prefix}."
    return {name.removeprefix(start): value for name, value in state.items() if name.startswith(start)}


def put(saved: Arrays, params: Any) -> None:  # noqa: ANN401
    """Copy saved values into the very arrays that a network's layers hold; replace plain numbers."""
    for name, value in saved.items():
        if isinstance(params[name], np.ndarray):
            params[name][...] = value
        else:
            params[name] = value[()]


def text_array(text: str) -> Array:
    """Return a text as its UTF-8 bytes."""
    return np.frombuffer(text.encode(), np.uint8).copy()


def global_stream() -> dict[str, Array]:
    """Return where NumPy's global random stream stands, which decides under the book's protocol."""
    found: Any = np.random.get_state()  # noqa: NPY002 (the book's contract)
    if not isinstance(found, tuple) or found[0] != "MT19937":
        raise UsageError("NumPy's global random stream cannot be saved: it is not the MT19937 of the book.")
    return {name: np.array(value) for name, value in zip(_STREAM, found[1:], strict=True)}


def load_global_stream(state: Arrays) -> None:
    """Put NumPy's global random stream where `global_stream` found it."""
    keys, position, has_gauss, gauss = (state[name] for name in _STREAM)
    np.random.set_state(("MT19937", keys, int(position), int(has_gauss), float(gauss)))  # noqa: NPY002


def require_fit(state: Any, own: Arrays) -> None:  # noqa: ANN401
    """Refuse a state that another Trainer than this one could have returned.

    Args:
        state: what was given.
        own: the Trainer's own state as it is now.

    Raises:
        UsageError: with the first thing that does not fit.
    """
    if not isinstance(state, Mapping):
        raise UsageError(f"a Trainer's state must be a dict of arrays. Got {type(state).__name__}.")
    wanted = [name for name in own if not name.startswith("optimizer.")] + [
        "optimizer.class",
        "optimizer.iter",
    ]
    if not all(isinstance(name, str) for name in state):
        raise UsageError("a Trainer's state must have texts as its names.")
    further = [name for name in state if name.startswith(_ALL_KNOWN)]
    for name in dict.fromkeys([*wanted, *further]):
        mine, given = (_form(arrays, name) for arrays in (own, state))
        if mine != given:
            rule = f"`{name}` must be {mine}. Got {given}"
            raise UsageError(f"this state is not one of this Trainer's: {rule}.")
    _require_sense(state, own)


def _require_sense(state: Arrays, own: Arrays) -> None:
    """Refuse what no training leaves, in a state of the right form: texts, numbers out of range."""
    for name in state:
        if name.startswith("optimizer.") or name in {"random.keys", "random.gauss", *_LISTS}:
            kind = np.asarray(state[name]).dtype.kind
            _insist(kind in "biuf", f"`{name}` must be numbers", state[name])
    last = int(own["max_iter"])
    whole = {"current_iter": last, "current_epoch": last, "evaluation_due": 1, **_WHOLE}
    for name, most in whole.items():
        if name in state:
            number = np.asarray(state[name])
            fits = number.dtype.kind in "biu" and 0 <= int(number) <= most
            _insist(fits, f"`{name}` must be a whole number from 0 to {most:,}", state[name])
    if "random.keys" in state:
        keys = np.asarray(state["random.keys"])
        fits = keys.shape == own["random.keys"].shape and keys.dtype.kind == "u"
        _insist(fits, "`random.keys` must be 624 whole numbers", keys)
    losses, *accuracies = (len(state[name]) for name in _LISTS)
    steps, epochs = int(state["current_iter"]), int(state["current_epoch"])
    _insist(losses == steps, f"`train_loss_list` must have `current_iter`, {steps}, losses", losses)
    for name, n in zip(_LISTS[1:], accuracies, strict=True):
        rule = f"`{name}` must have at most `current_epoch`, {epochs}, accuracies"
        _insist(n == accuracies[0] and n <= epochs, f"{rule}, as many as `{_LISTS[1]}`", n)


def _insist(is_so: bool, rule: str, found: object) -> None:
    if not is_so:
        if isinstance(found, np.ndarray) and not found.ndim:
            found = found.item()
        raise UsageError(f"this state is not one of this Trainer's: {rule}. Got {shown(found)}.")


def _form(arrays: Arrays, name: str) -> str:
    """Say what an array must have in common with the Trainer's own, as words that can be compared."""
    if name not in arrays:
        return "absent"
    try:
        array = np.asarray(arrays[name])
    except ValueError:
        return "no array: its parts have different shapes"
    if name == "optimizer.class" and array.dtype == np.uint8:
        return array.tobytes().decode(errors="replace")
    if name in {"iter_per_epoch", "max_iter"} and not array.ndim:
        return str(array)
    if name.startswith(("params.", "average.")):
        return f"{array.shape} {array.dtype}"
    return f"an array of {array.ndim} axes"
