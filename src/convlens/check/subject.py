"""A stranger's layer: every question is asked of a fresh copy of it. Must not know what it computes.

Nothing that one question leaves in the layer, in the arrays it was given or in NumPy's random numbers can
reach the next one; what is left there is itself a question, asked by `state.py`.
"""

import copy
import inspect
import random
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.blame import GUESSED, is_refusal, is_theirs
from convlens.check.chance import Chance
from convlens.check.guessing import describes, parameters_of
from convlens.check.known_names import StandsFor
from convlens.check.names import Names, base_of, partner, wears_a_name
from convlens.check.places import Place, in_doubles, places, scalars_of
from convlens.check.shared import Shared
from convlens.errors import UsageError, shown

__all__ = ["Broken", "Passed", "Subject", "line_in"]

_PENALTIES = ("decay", "reg", "l2", "lambda", "lam")
_RATES = {"lr", "learning_rate", "eta", "alpha", "rate", "learningrate", "step_size"}


class Broken(Exception):  # noqa: N818 (it is caught here, and told as a finding)
    """The layer's own code raised: in which method, on which line, what; whether no call could be right."""

    def __init__(self, method: str, error: BaseException, line: int | None, *, own: bool = False) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.method, self.error, self.line, self.own = method, error, line, own

    @property
    def detail(self) -> dict[str, str]:
        """What a finding tells of it."""
        if self.own:
            return {"error": str(self), "own": "yes"}
        guessed = GUESSED in getattr(self.error, "__notes__", ())
        is_excused = guessed or is_refusal(self.error)
        return {"error": str(self), **({"guessed": "yes"} if is_excused else {})}


@dataclass
class Passed:
    """What one forward and one backward gave."""

    out: Array
    dx: Array | None
    grads: dict[str, Array] = field(default_factory=dict)
    """Parameter's path → what was found as its derivative."""

    def by(self, target: str) -> Array | None:
        """Return the derivative by "x" or by a parameter, if it was found."""
        return self.dx if target == "x" else self.grads.get(target)


class Subject:
    """A layer, asked through copies.

    Args:
        layer: an object with a forward and a backward.
        names: how its methods and arrays are called, where it is not as usual.
        settings: what it was made with, by bare name, where that is known.
    """

    def __init__(
        self,
        layer: Any,  # noqa: ANN401
        names: Names | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.names, self.made_with = names or Names(), dict(settings or {})
        self.name = type(layer).__name__
        self.kind: Any = type(layer)
        try:
            self._kept = copy.deepcopy(layer)
        except Exception as error:
            raise UsageError(f"`layer` must be an object that can be copied. Got {shown(error)}.") from error
        in_doubles(self._kept)
        self.forward_name = self._method("forward", self.names.forward)
        self.backward_name = self._method("backward", self.names.backward)
        self.is_random = False
        self.steps_by_itself = False
        self._seed = 5
        self.forward_says, self.backward_says = self.forward_name, self.backward_name
        stands_for = getattr(layer, "stands_for", None)
        if isinstance(stands_for, StandsFor):
            self.name, self.kind, self.forward_says, self.backward_says = stands_for
        self.chance, self.shared = Chance(self.kind), Shared(self.kind)
        self.params: dict[str, Array] = {}
        self.partners: dict[str, str] = {}
        self.stacked: dict[str, tuple[str, str]] = {}

    def _method(self, what: str, names: tuple[str, ...]) -> str:
        for name in names:
            if callable(getattr(self._kept, name, None)):
                return name
        rule = f"have a method for {what}: {', '.join(names)}"
        raise UsageError(f"`layer` must {rule}. Got an object of {self.name} without one.")

    @property
    def may_be_more(self) -> bool:
        """Whether its constructor takes what nothing is known of: it may compute more than its name says."""
        if not inspect.isclass(self.kind):
            return False
        return any(not describes(name) for name in parameters_of(self.kind))

    def fresh(self, changes: Mapping[str, Array] | None = None, *, restored: bool = True) -> Any:  # noqa: ANN401
        """Return a copy of the layer, with other arrays at some of its places.

        Args:
            changes: path → array.
            restored: whether what all objects share is put back to what it was at first.
        """
        if restored:
            self.shared.restore()
        made = copy.deepcopy(self._kept)
        if changes:
            for place in list(places(made)):
                if place.path in changes:
                    _become(made, place, changes[place.path].copy())
        return made

    @property
    def kept(self) -> Any:  # noqa: ANN401
        """The layer as it is kept: to be read, not to be called."""
        return self._kept

    def settle(self, x: Array) -> None:
        """Find its parameters: arrays that change the output, or are called as weights are.

        They are moved from what they were, so that a bias of zeros hides nothing.
        """
        rng = np.random.default_rng(7)
        before = self.out(x)
        for place in [one for one in places(self._kept) if one.array.dtype.kind == "f" and one.array.size]:
            moved = place.array + _moves(rng, place.array)
            if place.path in self.params or self._is_known(place):
                continue
            if wears_a_name(place.path) or self._reaches(place.path, moved, before, x):
                self.params[place.path] = moved
        try:
            finite = bool(np.isfinite(self.out(x, self.params)).all())
        except Broken:
            finite = False
        for place in list(places(self._kept)):
            if place.path in self.params and finite:
                _become(self._kept, place, self.params[place.path])
        self.params = {one.path: one.array for one in places(self._kept) if one.path in self.params}

    def _is_known(self, place: Place) -> bool:
        """Say whether the same array is a parameter under another name, or called a derivative."""
        same = [one for one in places(self._kept) if one.array is place.array and one.path in self.params]
        return bool(same) or partner(place.path, [], {}) == "derivative"

    def _reaches(self, path: str, moved: Array, before: Array, x: Array) -> bool:
        try:
            after = self.out(x, {path: moved})
        except Broken:
            return False
        return after.shape != before.shape or not np.array_equal(after, before, equal_nan=True)

    def clear(self, layer: Any, names: tuple[str, ...]) -> None:  # noqa: ANN401
        """Call the method with which a copy's derivatives are set back, if it has one."""
        method = next((getattr(layer, name, None) for name in names if hasattr(layer, name)), None)
        if method is not None:
            with self.asked(self.backward_name):
                method()

    def notice_chance(self, x: Array) -> None:
        """Find out whether its output depends on random numbers: other ones give another output."""
        rngs = (np.random.Generator, np.random.RandomState, random.Random)
        if any(isinstance(value, rngs) for value in getattr(self._kept, "__dict__", {}).values()):
            self.is_random = True
            return
        there = self.out(x)
        self._seed = 6
        here = self.out(x)
        self._seed = 5
        self.is_random = self.chance.is_drawn or not np.array_equal(here, there, equal_nan=True)

    def out(self, x: Array, changes: Mapping[str, Array] | None = None) -> Array:
        """Return what a fresh copy gives for `x`."""
        return self.forward(self.fresh(changes), x)[0]

    def passed(self, x: Array, dout: Array, changes: Mapping[str, Array] | None = None) -> Passed:
        """Return what one forward and one backward of a fresh copy give."""
        layer = self.fresh(changes)
        out, cache = self.forward(layer, x)
        return self.backward(layer, x, out, dout, cache)

    def forward(self, layer: Any, x: Array, *, keep: bool = False) -> tuple[Array, Any]:  # noqa: ANN401
        """Call a copy's forward; return its output, and what it returned beside it.

        Args:
            layer: what `fresh` gave.
            x: the input; a copy is handed in.
            keep: hand in `x` itself.
        """
        with self.asked(self.forward_name):
            given = getattr(layer, self.forward_name)(x if keep else x.copy())
        out, cache = given if isinstance(given, tuple) and len(given) == 2 else (given, None)
        if not isinstance(out, np.ndarray | np.generic | int | float):
            raise Broken(self.forward_name, TypeError(f"it returns {type(out).__name__}, not an array"), None)
        return np.array(out), cache

    def backward(
        self,
        layer: Any,  # noqa: ANN401
        x: Array,
        out: Array,
        dout: Array,
        cache: Any = None,  # noqa: ANN401
        *,
        keep: bool = False,
    ) -> Passed:
        """Call a copy's backward; return the derivatives, wherever they were left."""
        method = getattr(layer, self.backward_name)
        further = _further(method, x, cache)
        before = {place.path: place.array.copy() for place in places(layer)}
        with self.asked(self.backward_name, guessed=_is_guessed(further, cache)):
            given = method(dout if keep else dout.copy(), *further.values())
        if _RATES & set(further):  # it has stepped by itself, with a rate of 1
            after = {place.path: place.array for place in places(layer)}
            stepped = {path: before[path] - after[path] for path in self.params if path in after}
            return Passed(out, _first(given), stepped)
        dx, beside = _parted(given, x)
        found = {**scalars_of(layer), **{place.path: place.array for place in places(layer)}, **beside}
        grads = {path: np.array(found[at]) for path, at in self.partners.items() if at in found}
        for path, (rows, row) in self.stacked.items():
            grads.pop(path, None)
            if rows in found and row in found:
                grads[path] = np.vstack([found[rows], found[row].reshape(1, -1)])
        return Passed(out, dx, grads)

    def pair_up(self, x: Array) -> None:
        """Find where backward leaves each parameter's derivative: by names, then by what moves with dout."""
        rng = np.random.default_rng(11)
        layers = [self.fresh(), self.fresh()]
        found: list[dict[str, Array]] = []
        lent: set[str] = set()
        for layer in layers:
            out, cache = self.forward(layer, x)
            method, dout = getattr(layer, self.backward_name), rng.normal(size=out.shape)
            further = _further(method, x, cache)
            with self.asked(self.backward_name, guessed=_is_guessed(further, cache)):
                given = method(dout.copy(), *further.values())
            held = {**scalars_of(layer), **{one.path: np.array(one.array) for one in places(layer)}}
            found.append({**held, **_parted(given, x)[1]})
            lent |= {path for path, array in found[-1].items() if np.array_equal(array, dout)}
            if _RATES & set(further):
                self.partners, self.steps_by_itself = {path: path for path in self.params}, True
                return
        one, other = found
        moving = {path for path in one if path in other and path not in lent
                  and not np.array_equal(one[path], other[path], equal_nan=True)}  # fmt: skip
        shapes = {path: array.shape for path, array in one.items() if path not in self.params}
        for path in self.params:
            at = self.names.gradients.get(path) or partner(
                path, sorted(moving), shapes, self.params[path].shape
            )
            if at is not None and at in shapes and at not in self.partners.values():
                self.partners[path] = at
        self._stack(moving, shapes)

    def _stack(self, moving: set[str], shapes: dict[str, tuple[int, ...]]) -> None:
        """Find the derivative of a matrix whose last row is the bias: it is left in two arrays."""
        taken = set(self.partners.values())
        for path, array in self.params.items():
            if path in self.partners or array.ndim != 2:
                continue
            n, m = array.shape
            rows = [
                at
                for at in sorted(moving - taken)
                if shapes.get(at) == (n - 1, m) and base_of(at, marked=True)
            ]
            row = [at for at in sorted(moving - taken)
                   if shapes.get(at) in {(m,), (1, m)} and base_of(at, marked=True)]  # fmt: skip
            if rows and row:
                self.stacked[path] = (rows[0], row[0])
                self.partners[path] = rows[0]

    @contextmanager
    def asked(self, method: str, *, guessed: bool = False) -> Iterator[None]:
        """Hold a stranger's code to the same random numbers, and turn what it raises into `Broken`.

        Args:
            method: which one is called.
            guessed: whether what it is given was guessed.
        """
        try:
            with self.chance.same(self._seed), warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                yield
        except (Exception, SystemExit) as error:
            own = is_theirs(error, self.kind)
            if guessed:
                error.add_note(GUESSED)
            raise Broken(method, error, line_in(error, self.kind), own=own) from error


def _become(thing: Any, place: Place, array: Array) -> None:  # noqa: ANN401
    """Put another array in an array's place, and wherever else the same one is kept."""
    for other in list(places(thing)):
        if other.array is place.array:
            other.put(array if other.array.shape == array.shape else array.reshape(other.array.shape))
    place.put(array)


def _moves(rng: np.random.Generator, array: Array) -> Array:
    return 0.4 * rng.normal(size=array.shape) + 0.05


def _first(given: Any) -> Array | None:  # noqa: ANN401
    dx = given[0] if isinstance(given, tuple) and given else given
    return np.array(dx) if isinstance(dx, np.ndarray) else None


def _parted(given: Any, x: Array) -> tuple[Array | None, dict[str, Array]]:  # noqa: ANN401
    """Return the input's derivative, and what else backward returned, by names of its own."""
    if isinstance(given, dict):
        arrays = {
            f"returned[{key!r}]": value for key, value in given.items() if isinstance(value, np.ndarray)
        }
        at = next((path for path in arrays if path.lower() in {"returned['dx']", "returned['x']"}), None)
        return (np.array(arrays.pop(at)) if at else None), arrays
    if isinstance(given, tuple):
        beside = {f"returned[{n}]": one for n, one in enumerate(given) if isinstance(one, np.ndarray)}
        tables = [(n, table) for n, table in enumerate(given) if isinstance(table, dict)]
        beside |= {f"returned[{n}][{key!r}]": one for n, table in tables for key, one in table.items()
                   if isinstance(one, np.ndarray)}  # fmt: skip
        at = next((path for path, one in beside.items() if one.shape == x.shape), next(iter(beside), None))
        return (np.array(beside.pop(at)) if at else None), beside
    return _first(given), {}


def _further(method: Callable[..., Any], x: Array, cache: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what a backward must be given besides dout, by name: a rate of 1, the cache, the input."""
    try:
        given = list(inspect.signature(method).parameters.values())[1:]
    except (TypeError, ValueError):
        return {}
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [one for one in given if one.kind in plain and one.default is one.empty]
    values = {}
    for one in needed:
        name = one.name.lower().strip("_")
        values[name] = 1.0 if name in _RATES else (x.copy() if name in {"x", "input", "inputs"} else cache)
        if cache is None and "shape" in name:
            values[name] = x.shape
        elif cache is None and any(word in name for word in _PENALTIES):
            values[name] = 0.0
    return values


def _is_guessed(further: Mapping[str, Any], cache: Any) -> bool:  # noqa: ANN401
    """Say whether a backward is given something of which nobody knows what it should be."""
    return cache is None and any(one is None for one in further.values())


def line_in(error: BaseException, kind: Any) -> int | None:  # noqa: ANN401
    """Return the last line of the layer's own file that an error went through."""
    held = (
        next((one for one in vars(kind).values() if callable(one)), kind)
        if not inspect.isclass(kind)
        else kind
    )
    try:
        file = inspect.getsourcefile(held)
    except TypeError:
        return None
    lines = [one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename == file]
    return lines[-1] if lines else None
