"""Where a stranger's object keeps its arrays: attributes, dicts, lists. Must not know layers."""

from collections.abc import Iterator
from types import FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from convlens._typing import Array

__all__ = ["Place", "in_doubles", "numbers_of", "places", "scalars_of"]

_DEEPEST = 4
_NO_HOLDERS = (type, ModuleType, FunctionType, MethodType, str, bytes, int, float, complex, bool, np.generic)


class Place(NamedTuple):
    """One array, and where it is kept."""

    path: str
    """As its owner would write it: "W", "params['W1']", "weight.data"."""

    holder: Any
    key: Any
    array: Array

    def put(self, array: Array) -> None:
        """Keep another array here."""
        if isinstance(self.holder, dict | list):
            self.holder[self.key] = array
        elif isinstance(self.holder, tuple):  # it cannot hold another one
            self.array[...] = array
        else:
            setattr(self.holder, self.key, array)


def places(thing: Any, path: str = "", depth: int = 0, seen: set[int] | None = None) -> Iterator[Place]:  # noqa: ANN401
    """Yield every array that an object keeps, in the order in which it keeps them.

    Args:
        thing: an object, a dict or a list.
        path: how it is called itself.
        depth: how many objects it lies within.
        seen: the objects that were looked into.
    """
    seen = set() if seen is None else seen
    if depth > _DEEPEST or id(thing) in seen:
        return
    seen.add(id(thing))
    for key, name, value in _held(thing, path):
        if isinstance(value, np.ndarray):
            if value.dtype.kind in "biuf":
                yield Place(name, thing, key, value)
        elif value is not None and not isinstance(value, _NO_HOLDERS):
            yield from places(value, name, depth + 1, seen)


def _held(thing: Any, path: str) -> list[tuple[Any, str, Any]]:  # noqa: ANN401
    """Return what an object holds directly: key, name and value."""
    if isinstance(thing, dict):
        return [(key, f"{path}[{key!r}]", value) for key, value in thing.items()]
    if isinstance(thing, list | tuple):
        return [(key, f"{path}[{key}]", value) for key, value in enumerate(thing)]
    slots = [name for cls in type(thing).__mro__ for name in _slots(cls) if hasattr(thing, name)]
    held = {**{name: getattr(thing, name) for name in slots}, **getattr(thing, "__dict__", {})}
    return [(key, f"{path}.{key}" if path else str(key), value) for key, value in held.items()]


def _slots(cls: type) -> tuple[str, ...]:
    slots = vars(cls).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def scalars_of(thing: Any) -> dict[str, Array]:  # noqa: ANN401
    """Return an object's single numbers of NumPy's, as arrays: a gradient summed too far is one."""
    held = getattr(thing, "__dict__", {})
    return {name: np.asarray(value) for name, value in held.items() if isinstance(value, np.floating)}


def in_doubles(thing: Any) -> None:  # noqa: ANN401
    """Turn an object's arrays of single precision into double; what was one array stays one."""
    made: dict[int, Array] = {}
    for place in list(places(thing)):
        if place.array.dtype in {np.dtype(np.float32), np.dtype(np.float16)} and not _is_fixed(place):
            place.put(made.setdefault(id(place.array), place.array.astype(np.float64)))


def _is_fixed(place: Place) -> bool:
    return isinstance(place.holder, tuple)


def numbers_of(thing: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return an object's whole numbers, pairs of them and words, by name in small letters: "stride" → 2."""
    found: dict[str, Any] = {}
    for name, value in getattr(thing, "__dict__", {}).items():
        for key, one in value.items() if isinstance(value, dict) else [(name, value)]:
            if isinstance(one, bool) or not isinstance(key, str):
                continue
            is_pair = isinstance(one, tuple | list) and len(one) == 2 and all(map(_is_whole, one))
            if is_pair or _is_whole(one) or isinstance(one, str | float):
                found[key.lower().strip("_")] = tuple(map(int, one)) if is_pair else one
    return found


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
