"""What public functions are given, held against their annotations. Must not know arrays, or any room.

An annotation says already what an argument must be; `as_annotated` believes it before the function begins:

    @as_annotated
    def class_name(run: Run, number: Whole) -> str: ...

refuses `class_name(run, None)`: "`number` of class_name must be an int from 0 to 100,000,000. Got None." What
an annotation cannot say (a layer that the network has, an array's shape) the function checks itself. It costs
some microseconds a call: nothing that runs in every step has it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import wraps
from inspect import Parameter, signature
from math import inf, isfinite
from numbers import Integral, Real
from os import PathLike, fspath
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, ParamSpec, TypeAlias, TypeVar, Union, get_args, get_origin

from convlens.errors import UsageError, WrongTypeError, shown

__all__ = [
    "MOST",
    "SINGLE",
    "AnyPath",
    "Count",
    "Holding",
    "Share",
    "Whole",
    "Within",
    "as_annotated",
    "fits",
    "listed",
]

MOST = 100_000_000
"""Pictures, rounds or letters: whoever asks for more has made a slip."""


class Within(NamedTuple):
    """The bounds of a number, both included."""

    least: float
    most: float = inf


SINGLE = Within(2.0**-126, (2 - 2.0**-23) * 2.0**127)
"""Numbers above 0 that float32 holds: in a network smaller ones become 0, or nearly, larger ones infinite."""


class Holding(NamedTuple):
    """How much a list holds at least."""

    least: int


AnyPath: TypeAlias = str | PathLike[str]
"""A path, as one or as a text."""

Count: TypeAlias = Annotated[int, Within(1, MOST)]
"""A number of things, at least one."""

Whole: TypeAlias = Annotated[int, Within(0, MOST)]
"""A number of things, or a place among them."""

Share: TypeAlias = Annotated[float, Within(0, 1)]
"""A part of the whole."""

P = ParamSpec("P")
R = TypeVar("R")


class _Rule(NamedTuple):
    """What a value must be: in words, of one and of several, and as a test that raises nothing."""

    one: str
    many: str
    fits: Callable[[Any], bool]


def as_annotated(function: Callable[P, R], refused: type[UsageError] = WrongTypeError) -> Callable[P, R]:
    """Return the function, which now refuses arguments that are not what its annotations say.

    Args:
        function: a public one, or a method; an annotation that is a text, or of an array, asks for nothing.
        refused: the error that is raised.
    """
    described = signature(function)
    owner = function.__qualname__.removesuffix(".__init__")
    named = [one for one in described.parameters.values() if one.kind not in _VARIADIC]
    rules = {one.name: rule for one in named if (rule := _rule_of(one.annotation)) is not None}

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            given = described.bind(*args, **kwargs).arguments
        except TypeError:  # too many, too few or unknown ones: Python says so below
            return function(*args, **kwargs)
        for name, value in given.items():
            if name in rules and not rules[name].fits(value):
                raise refused(f"`{name}` of {owner} must be {rules[name].one}. Got {shown(value)}.")
        return function(*args, **kwargs)

    return checked


_VARIADIC = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


def fits(value: object, annotation: Any) -> bool:  # noqa: ANN401
    """Say whether `as_annotated` takes a value where the annotation stands."""
    rule = _rule_of(annotation)
    return rule is None or rule.fits(value)


def _rule_of(annotation: Any) -> _Rule | None:  # noqa: ANN401
    """Return what an annotation asks of a value; None where it takes anything."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is None:
        return _plain(annotation)
    if origin is Annotated:
        return _bounded(_rule_of(inner[0]), inner[1])
    if origin in {Union, UnionType}:
        return _any_of(inner)
    if origin is Callable:
        return _function(inner[0])
    is_ours = isinstance(origin, type) and issubclass(origin, Iterable) and _home(origin) != "numpy"
    return _collection(origin, inner) if is_ours else None


def _collection(origin: type, inner: tuple[Any, ...]) -> _Rule:
    if issubclass(origin, Mapping):
        return _mapping(*inner)
    if origin is tuple and inner[-1] is not ...:
        return _tuple(inner)
    return _several(origin, inner[0])


def _plain(kind: Any) -> _Rule | None:  # noqa: ANN401
    """Ask for one of Python's own kinds, or an object of a class; the class may say how one comes by it."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if not isinstance(kind, type) or kind in {Any, Parameter.empty} or _home(kind) == "numpy":
        return None
    name, how = kind.__name__, getattr(kind, "_obtained", "")
    article = "an" if name[0] in "AEIOU" else "a"
    return _Rule(
        f"{article} {name}{how and f': {how}'}", f"{name} objects", lambda value: isinstance(value, kind)
    )


def _home(kind: object) -> str:
    return str(getattr(kind, "__module__", "")).partition(".")[0]


def _is_int(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)
    except OverflowError:  # an int beyond every float
        return False


def _is_switch(value: object) -> bool:
    """Say whether it is True or False, Python's or NumPy's."""
    return isinstance(value, bool) or (_home(type(value)) == "numpy" and type(value).__name__[:4] == "bool")


def _is_path(value: object) -> bool:
    return isinstance(value, str | PathLike) and isinstance(fspath(value), str) and bool(str(value))


_PLAIN: dict[object, _Rule] = {
    int: _Rule("an int", "ints", _is_int),
    float: _Rule("a finite number", "finite numbers", _is_number),
    bool: _Rule("True or False", "True or False", _is_switch),
    str: _Rule("a text", "texts", lambda value: isinstance(value, str)),
    Path: _Rule("a path", "paths", _is_path),
    None: _Rule("None", "None", lambda value: value is None),
    NoneType: _Rule("None", "None", lambda value: value is None),
}


def _bounded(rule: _Rule | None, bounds: Within | Holding) -> _Rule | None:
    """Ask for a number within bounds, or for a list that holds enough."""
    if rule is None:
        return None
    if isinstance(bounds, Holding):
        fewest, limit = bounds.least, f", {bounds.least} or more"
        return _Rule(
            rule.one + limit, rule.many + limit, lambda value: rule.fits(value) and len(value) >= fewest
        )
    least, most = bounds
    limit = f" ≥ {least:,}" if most == inf else f" from {least:,} to {most:,}"
    return _Rule(
        rule.one + limit, rule.many + limit, lambda value: rule.fits(value) and bool(least <= value <= most)
    )


def _any_of(kinds: tuple[Any, ...]) -> _Rule | None:
    """Ask for one of several; a path and a text together are a path."""
    paths = {kind for kind in kinds if kind is Path or get_origin(kind) is PathLike}
    one_of = [Path, *(kind for kind in kinds if kind not in {str, *paths})] if paths else list(kinds)
    rules = [rule for kind in one_of if (rule := _rule_of(kind)) is not None]
    if len(rules) < len(one_of):
        return None
    return _Rule(
        " or ".join(rule.one for rule in rules),
        " or ".join(rule.many for rule in rules),
        lambda value: any(rule.fits(value) for rule in rules),
    )


def listed(value: object) -> list[Any] | None:
    """Return what a list, or anything like it, holds; None for what holds nothing, or is a text or a dict."""
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | bytearray | Mapping):
        return None
    try:
        return list(value)
    except TypeError:  # an array without axes
        return None


def _several(origin: type, kind: Any) -> _Rule:  # noqa: ANN401
    """Ask for several of one kind; what can be gone through only once is not gone through here."""
    rule = _rule_of(kind)
    is_once = not issubclass(origin, Collection)
    has_order = issubclass(origin, Sequence)

    def fits(value: Any) -> bool:  # noqa: ANN401
        if is_once and not isinstance(value, Collection):
            return isinstance(value, Iterable)
        found = listed(value) if isinstance(value, Collection) else None
        if found is None or (has_order and not hasattr(value, "__getitem__")):
            return False
        return rule is None or all(map(rule.fits, found))

    of = "" if rule is None else f" of {rule.many}"
    return _Rule(f"a list{of}", f"lists{of}", fits)


def _tuple(kinds: tuple[Any, ...]) -> _Rule:
    """Ask for so many, each of its kind."""
    rules = [_rule_of(kind) for kind in kinds]

    def fits(value: Any) -> bool:  # noqa: ANN401
        found = listed(value) if hasattr(value, "__getitem__") else None
        if found is None or len(found) != len(rules):
            return False
        return all(rule is None or rule.fits(one) for rule, one in zip(rules, found, strict=True))

    said = ", ".join("anything" if rule is None else rule.one for rule in rules)
    return _Rule(f"({said})", f"tuples ({said})", fits)


def _mapping(key: Any, kind: Any) -> _Rule:  # noqa: ANN401
    """Ask for a dict with such keys and values."""
    keys, values = _rule_of(key), _rule_of(kind)

    def fits(value: Any) -> bool:  # noqa: ANN401
        if not isinstance(value, Mapping):
            return False
        is_right = values is None or all(map(values.fits, value.values()))
        return is_right and (keys is None or all(map(keys.fits, value)))

    of = "" if values is None else f" of {values.many}"
    by = "" if keys is None else f" by {keys.many}"
    return _Rule(f"a dict{of}{by}", f"dicts{of}{by}", fits)


def _function(given: Any) -> _Rule:  # noqa: ANN401
    """Ask for something that can be called, with so many arguments where that is known."""
    n = len(given) if isinstance(given, list) else None

    def fits(value: Any) -> bool:  # noqa: ANN401
        if n is None or not callable(value):
            return callable(value)
        try:
            signature(value).bind(*[None] * n)
        except ValueError:  # one of Python's own that does not say
            return True
        except TypeError:
            return False
        return True

    said = "a function" if n is None else f"a function of {n} argument{'' if n == 1 else 's'}"
    return _Rule(said, said.replace("a function", "functions"), fits)
