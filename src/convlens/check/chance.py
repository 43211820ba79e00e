"""Where a stranger's code draws its random numbers, so that each call draws the same. Must not know layers.

NumPy's and Python's own generators; those that a module, a class or a default argument holds; and those that
a call makes without a seed.
"""

import copy
import inspect
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

__all__ = ["Chance"]

_RNGS = (np.random.Generator, np.random.RandomState, random.Random)


class Chance:
    """The random numbers that a class, or a pair of functions, draws from.

    Args:
        kind: the class, or what holds the functions.

    Attributes:
        is_drawn: whether a call has drawn from a generator that lies outside of its objects.
    """

    def __init__(self, kind: Any) -> None:  # noqa: ANN401
        self._held = [(one, _state_of(one)) for one in _generators(kind)]
        self.is_drawn = False

    @contextmanager
    def same(self, seed: int) -> Iterator[None]:
        """Let what is called within draw the same numbers each time; afterwards all is as it was.

        Args:
            seed: of the numbers.
        """
        kept, own, made = np.random.get_state(), random.getstate(), np.random.default_rng  # noqa: NPY002
        now = [(one, _state_of(one)) for one, _ in self._held]
        np.random.seed(seed)  # noqa: NPY002
        random.seed(seed)
        vars(np.random)["default_rng"] = lambda given=None: made(seed if given is None else given)
        for one, state in self._held:
            _put(one, state)
        try:
            yield
        finally:
            vars(np.random)["default_rng"] = made
            np.random.set_state(kept)  # noqa: NPY002
            random.setstate(own)
            for (one, before), (_, state) in zip(self._held, now, strict=True):
                self.is_drawn |= str(_state_of(one)) != str(before)
                _put(one, state)


def _generators(kind: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the generators that lie around a class or functions: each once."""
    seen: set[int] = set()
    for one in _around(kind):
        if isinstance(one, _RNGS) and id(one) not in seen:
            seen.add(id(one))
            yield one


def _around(kind: Any) -> Iterator[Any]:  # noqa: ANN401
    classes = [one for one in kind.__mro__ if one is not object] if inspect.isclass(kind) else [kind]
    members = [one for cls in classes for one in vars(cls).values()] if hasattr(kind, "__dict__") else []
    yield from members
    for one in filter(inspect.isfunction, members):
        yield from (one.__defaults__ or ())
        yield from (one.__kwdefaults__ or {}).values()
        yield from list(one.__globals__.values())


def _state_of(rng: Any) -> Any:  # noqa: ANN401
    if isinstance(rng, np.random.Generator):
        return copy.deepcopy(rng.bit_generator.state)
    return rng.get_state() if isinstance(rng, np.random.RandomState) else rng.getstate()


def _put(rng: Any, state: Any) -> None:  # noqa: ANN401
    if isinstance(rng, np.random.Generator):
        rng.bit_generator.state = state
    elif isinstance(rng, np.random.RandomState):
        rng.set_state(state)
    else:
        rng.setstate(state)
