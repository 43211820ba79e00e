"""What a stranger's code keeps outside of its objects: in a class, a default argument, a module.

An object that is made anew finds it as it was at first; whether one object leaves there what another one then
uses is a question of its own. Must not know layers.
"""

import copy
import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

__all__ = ["Shared"]

_LARGEST = 10_000  # entries of an array that is kept


class Shared:
    """The dicts, lists, sets and arrays that all objects of a class share, or all calls of a function.

    Args:
        kind: the class, or what holds the functions.
    """

    def __init__(self, kind: Any) -> None:  # noqa: ANN401
        self._held: list[tuple[Any, Any]] = []
        for one in _holders(kind):
            if all(one is not other for other, _ in self._held):
                try:
                    self._held.append((one, copy.deepcopy(one)))
                except Exception:  # noqa: BLE001, S112 (what cannot be copied is let alone)
                    continue

    def restore(self) -> None:
        """Put everything back to what it was at first."""
        for one, first in self._held:
            kept = copy.deepcopy(first)
            if isinstance(one, dict | set):
                one.clear()
                one.update(kept)
            else:
                one[:] = kept


def _holders(kind: Any) -> Iterator[Any]:  # noqa: ANN401
    classes = [one for one in kind.__mro__ if one is not object] if inspect.isclass(kind) else [kind]
    members = [one for cls in classes for one in getattr(cls, "__dict__", {}).values()]
    yield from filter(_is_holder, members)
    for one in filter(inspect.isfunction, members):
        named = [one.__globals__[name] for name in one.__code__.co_names if name in one.__globals__]
        defaults = (*(one.__defaults__ or ()), *(one.__kwdefaults__ or {}).values())
        yield from filter(_is_holder, (*defaults, *named))


def _is_holder(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim > 0 and value.size <= _LARGEST and value.flags.writeable
    return isinstance(value, dict | list | set) and len(value) <= _LARGEST
