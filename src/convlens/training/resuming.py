"""What a resumed training needs beside its arguments, as arrays by dotted names. Must not know files.

Texts are rows of bytes and numbers are arrays without axes, so any format for arrays can hold a state.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from convlens._typing import Array, Arrays
from convlens.errors import UsageError

__all__ = ["copies", "global_stream", "load_global_stream", "put", "require_fit", "text_array", "under"]

_STREAM = ("random.keys", "random.position", "random.has_gauss", "random.gauss")


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
    further = [name for name in state if name.startswith(("params.", "random.", "learner."))]
    for name in dict.fromkeys([*wanted, *further]):
        mine, given = (_form(arrays, name) for arrays in (own, state))
        if mine != given:
            rule = f"`{name}` must be {mine}. Got {given}"
            raise UsageError(f"this state is not one of this Trainer's: {rule}.")


def _form(arrays: Arrays, name: str) -> str:
    """Say what an array must have in common with the Trainer's own, as words that can be compared."""
    if name not in arrays:
        return "absent"
    array = np.asarray(arrays[name])
    if name == "optimizer.class" and array.dtype == np.uint8:
        return array.tobytes().decode(errors="replace")
    if name in {"iter_per_epoch", "max_iter"} and not array.ndim:
        return str(array)
    if name.startswith("params."):
        return f"{array.shape} {array.dtype}"
    return f"an array of {array.ndim} axes"
