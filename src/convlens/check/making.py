"""Objects of a stranger's layers, made by what their constructors call their arguments. Must not know files.

A layer is made in more than one geometry, so that a fault that one of them hides shows in another: a stride,
a border, windows that overlap, a picture for an affine layer. Where arrays may lie in several ways, each is
tried: a layer is held against the reading under which it is right.
"""

import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.blame import Unread, is_theirs
from convlens.check.clues import clues_of
from convlens.check.guessing import (
    BIASES,
    FILTERS,
    IN,
    INPUTS,
    N_IN,
    N_OUT,
    OUT,
    PAD,
    STRIDE,
    WEIGHTS,
    Geometry,
    Way,
    bare,
    given,
    parameters_of,
)
from convlens.check.known.recognise import called
from convlens.check.known_names import LABELS
from convlens.check.names import Names
from convlens.check.told import Told
from convlens.check.trying import FORWARD, WHOLE, readings, runs

__all__ = ["Made", "is_loss", "made", "n_inputs"]

Maker = Callable[..., Any]
"""A class, or what stands in for one."""


@dataclass(frozen=True)
class Made:
    """An object of a class, and an input; whether it makes an array of it.

    Attributes:
        thing: the object.
        x: the input.
        is_whole: whether forward and backward run, as far as that is known.
        notes: keys of what is worth knowing of how it had to be made.
        settings: what it was made with, by bare name.
        is_by_word: whether a word chose what it computes: its name then says nothing of that.
    """

    thing: Any
    x: Array
    is_whole: bool = True
    notes: tuple[str, ...] = ()
    settings: Mapping[str, Any] | None = None
    is_by_word: bool = False


_STRIDED, _PADDED = frozenset({"stride"}), frozenset({"pad"})
_CONVOLUTIONS = (
    Geometry((3, 2, 7, 5), (3, 7, 5, 2)),
    Geometry((3, 2, 7, 5), (3, 7, 5, 2), 3, 2, 1, asks=_STRIDED | _PADDED),
)
_POINTWISE = (Geometry((3, 2, 7, 5), (3, 7, 5, 2), 1),)
_POOLINGS = (
    Geometry((3, 2, 6, 4), (3, 6, 4, 2), 2, 2),
    Geometry((3, 2, 7, 5), (3, 7, 5, 2), 3, 2, asks=_STRIDED),
    Geometry((3, 2, 7, 5), (3, 7, 5, 2), 3, 2, 1, asks=_PADDED),
    Geometry((3, 2, 7, 5), (3, 7, 5, 2), 3, 3),
)
_SQUARES = tuple(
    Geometry((3, 2, n, n), (3, n, n, 2), one.window, one.stride, one.pad, asks=one.asks)
    for n, one in zip((7, 7, 4, 7, 7, 7), (*_CONVOLUTIONS, *_POOLINGS), strict=True)
)
_AFFINES = (Geometry((3, 12)), Geometry((3, 12), outputs=12), Geometry((3, 2, 2, 3)))
_COLUMNS = (Geometry((12, 3)), Geometry((12, 3), outputs=12))
_ACTIVATIONS = (Geometry((3, 7)), Geometry((3, 2, 4, 5)))
_NORMS = (Geometry((12, 5)), Geometry((6, 2, 4, 3)))
_PICTURE_NORMS = (Geometry((6, 2, 4, 3), (6, 4, 3, 2)),)
_WORDS = 4  # that are tried of one argument
_PHASES = frozenset(("train", "training", "test", "testing", "eval", "inference", "predict"))
_LOSSES = ("loss", "entropy", "error", "mse", "cost", "criterion", "nll")


def n_inputs(forward: Callable[..., Any]) -> int:
    """Return how many arguments a forward must be given."""
    return len(_needed(forward))


def is_loss(cls: type, forward: Callable[..., Any]) -> bool:
    """Say whether a class of two inputs is a loss: by its name, or by that of the second one."""
    needed = _needed(forward)
    named = any(word in cls.__name__.lower() for word in _LOSSES)
    return len(needed) == 2 and (named or needed[1].lower() in LABELS)


def _needed(function: Callable[..., Any]) -> list[str]:
    """Return the names of the arguments that a method must be given, but for itself."""
    found = list(inspect.signature(function).parameters.values())[1:]
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [one.name for one in found if one.kind in plain and one.default is one.empty]


def made(cls: Maker, name: str, names: Names, told: Told | None = None) -> Iterator[list[Made]]:
    """Yield objects of a class with inputs that they take, one a geometry: a list for each way to make it.

    Args:
        cls: the class.
        name: what it is called.
        names: what its methods are called.
        told: what somebody said of its arguments and its input.

    Raises:
        Exception: what its constructor raised, where no arguments fit it.
    """
    if told is not None and told.arguments is not None:
        thing = cls(**told.values())
        yield [Made(thing, _numbers(told.input))] if told.input else [_fitting(thing, names)]
        return
    halves: list[list[Made]] = []
    failure: BaseException | None = None
    for geometries in _kinds(cls, name):
        found = False
        for way in _ways(called(name)):
            tried, error = _in_way(cls, geometries, way, names, told)
            failure = failure or error
            if tried and not any(one.is_whole for one in tried):
                halves.append(tried)
            elif tried:
                found = True
                square = ("square",) if geometries[0] in _SQUARES else ()
                yield [replace(one, notes=(*one.notes, *square)) for one in tried]
        if found:
            return
    yield from _by_trying(cls, names, halves, failure)


def _by_trying(
    cls: Maker, names: Names, halves: list[list[Made]], failure: BaseException | None
) -> Iterator[list[Made]]:
    """Yield what runs under other readings; else that whose forward runs under one of the usual ones."""
    found = False
    for thing, x, reached, settings in readings(cls, names, names.forward):
        if reached == WHOLE or not halves:
            found = True
            yield [Made(thing, x, settings={bare(key): one for key, one in settings.items()}),
                   *_plainer(cls, x, names, settings)]  # fmt: skip
    if found:
        return
    if halves:
        yield from halves[:1]
    else:
        raise Unread(failure) from failure


def _other_words(cls: Maker, one: Made, names: Names) -> Iterator[Made]:
    """Yield the same with each other word that the source compares an argument with, such as a mode."""
    settings = given(cls, Geometry(one.x.shape), Way(), dict(one.settings or {}))
    for name, clue in clues_of(cls).items():
        parameter = parameters_of(cls).get(name)
        default = parameter.default if parameter is not None else None
        if not isinstance(default, str) or any(word in _PHASES for word in (*clue.words, default)):
            continue
        for word in clue.words[:_WORDS]:
            with suppress(Exception), np.errstate(all="ignore"):  # a stranger's
                thing = cls(**{**settings, name: word})
                if word != default and runs(thing, one.x, names)[0] == WHOLE:
                    yield Made(
                        thing, one.x, settings={**(one.settings or {}), bare(name): word}, is_by_word=True
                    )


def _plainer(cls: Maker, x: Array, names: Names, settings: Mapping[str, Any]) -> Iterator[Made]:
    """Yield the same with the stride and the border that it has by itself: two causes may differ there."""
    defaults = {name for name, one in parameters_of(cls).items() if one.default is not one.empty}
    left = {
        name: one for name, one in settings.items() if not (name in defaults and bare(name) in STRIDE | PAD)
    }
    if len(left) < len(settings):
        with suppress(Exception), np.errstate(all="ignore"):  # a stranger's
            thing = cls(**left)
            if runs(thing, x, names)[0] == WHOLE:
                yield Made(thing, x, settings={bare(key): one for key, one in left.items()})


def _ways(kind: str | None) -> Iterator[Way]:
    """Yield how arrays may lie; then, of a layer whose kind its name tells, values for unknown names."""
    yield from (Way(lie) for lie in range(4))
    if kind not in {"affine", "relu", "sigmoid", "tanh", "softmax"}:
        yield from (Way(lie, last=True) for lie in range(3))
    places: dict[str | None, tuple[int, ...]] = {
        "convolution": (2, FILTERS, 3, 1, 0),
        "affine": (INPUTS, 5),
        "pooling": (2, 2, 0),
        "mean_pooling": (2, 2, 0),
    }
    if kind in places:
        yield Way(0, places=places[kind])
    if kind in {"convolution", "pooling", "mean_pooling"}:
        yield Way(0, pairs=True)


def _in_way(
    cls: Maker, geometries: tuple[Geometry, ...], way: Way, names: Names, told: Told | None
) -> tuple[list[Made], BaseException | None]:
    """Return the objects that can be made in one way; the first tells whether they run."""
    found: list[Made] = []
    missed: list[Made] = []
    notes: dict[str, None] = {}
    failure: BaseException | None = None
    for geometry in geometries:
        if found and not _is_asked(cls, geometry):
            continue
        try:
            settings = given(cls, geometry, way)
            thing = cls(**settings)
        except Exception as error:  # noqa: BLE001 (a stranger's)
            if not found:
                return [], error
            notes["refuses"] = None
            continue
        x, reached, refusal = _taken(thing, geometry, names, told, last=way.last)
        if x is not None:
            held = {bare(key): one for key, one in settings.items()}
            found.append(Made(thing, x, reached > FORWARD, settings=held))
        elif not found and refusal is not None and is_theirs(refusal, cls):
            return [Made(thing, _numbers(geometry.x), is_whole=False)], refusal
        elif not found:
            missed += (
                [Made(thing, _numbers(geometry.x), is_whole=False)] if not _is_own(refusal, thing) else []
            )
        else:
            notes.update(dict.fromkeys(_refused(found, refusal, thing, geometry)))
        failure = failure or refusal
    if found and found[0].is_whole:
        found += _other_words(cls, found[-1], names)
    if found and missed and geometries[0].last:  # it takes the second kind of windows, but not the plainest
        found.append(missed[0])
    return [replace(one, notes=tuple(notes)) for one in found], failure


def _is_asked(cls: Maker, geometry: Geometry) -> bool:
    """Say whether a layer has an argument for what a geometry asks of it."""
    told = getattr(cls, "asks", None)
    if told is not None:
        return geometry.asks <= told
    arguments = {bare(name) for name in parameters_of(cls)}
    has = {"stride": bool(arguments & STRIDE), "pad": bool(arguments & PAD)}
    return not geometry.asks or any(has[one] for one in geometry.asks)


def _refused(
    found: list[Made],
    refusal: BaseException | None,
    thing: Any,  # noqa: ANN401
    geometry: Geometry,
) -> tuple[str, ...]:
    """Note that a layer takes pictures in one geometry but none in this one; say whether it is a fault.

    It is one where the layer has arguments for it, and fails inside: who refuses by an error of their own
    says openly what the layer does not do. A layer of rows that takes no pictures is no fault either.
    """
    if refusal is None or not geometry.last or not geometry.asks:
        return ("divides",) if geometry.last else ()
    if _is_own(refusal, thing) or geometry in _POOLINGS[2:3]:  # the book's own pooling takes no border
        return ("refuses",)
    is_last = found[0].x.shape[-1] == geometry.last[-1]
    found.append(Made(thing, _numbers(geometry.last if is_last else geometry.x), is_whole=False))
    return ()


def _is_own(error: BaseException | None, thing: Any) -> bool:  # noqa: ANN401
    """Say whether a stranger's code raised an error by itself, by `raise` or `assert`."""
    if error is None or isinstance(error, AssertionError | NotImplementedError):
        return error is not None
    with suppress(TypeError, OSError):
        last = traceback.extract_tb(error.__traceback__)[-1]
        file = inspect.getsourcefile(type(thing))
        return last.filename == file and (last.line or "").lstrip().startswith(("raise", "assert"))
    return False


def _fitting(thing: Any, names: Names) -> Made:  # noqa: ANN401
    """Return a thing with the first input that it takes."""
    every = (*_ACTIVATIONS, *_AFFINES, *_CONVOLUTIONS)
    for least in (FORWARD + 1, FORWARD):
        for geometry in every:
            x, reached, _ = _taken(thing, geometry, names, None)
            if x is not None and reached >= least:
                return Made(thing, x)
    return Made(thing, _numbers(every[0].x))


def _numbers(shape: tuple[int, ...]) -> Array:
    return np.random.default_rng(3).normal(size=shape)


def _kinds(cls: Maker, name: str) -> Iterator[tuple[Geometry, ...]]:
    """Yield the geometries in which a class may be made: those of its name first."""
    kind, arguments = called(name), {bare(one) for one in parameters_of(cls)}
    by_name = {
        "convolution": (_CONVOLUTIONS, _SQUARES[:2]),
        "pooling": (_POOLINGS, _SQUARES[2:]),
        "mean_pooling": (_POOLINGS, _SQUARES[2:]),
        "affine": (_AFFINES, _COLUMNS),
    }
    small = bare(name)
    if "norm" in small:
        yield _NORMS
        if arguments & IN:
            yield _PICTURE_NORMS
    elif kind == "convolution" and any(word in small for word in ("pointwise", "1x1", "onebyone")):
        yield _POINTWISE
    elif kind in by_name:
        yield from by_name[kind]
    elif kind is not None:
        yield _ACTIVATIONS
    elif arguments & PAD or arguments & (IN | OUT):
        yield from (_CONVOLUTIONS, _SQUARES[:2], _POOLINGS, _AFFINES, _ACTIVATIONS)
    elif arguments & (WEIGHTS | N_IN | N_OUT | BIASES):
        yield from (_AFFINES, _CONVOLUTIONS, _COLUMNS, _ACTIVATIONS)
    elif arguments & STRIDE:
        yield from (_POOLINGS, _CONVOLUTIONS)
    yield from (_ACTIVATIONS, _AFFINES)


def _taken(
    thing: Any,  # noqa: ANN401
    geometry: Geometry,
    names: Names,
    told: Told | None,
    *,
    last: bool = False,
) -> tuple[Array | None, int, BaseException | None]:
    """Return an input of which the layer makes an array, if there is one; how much runs; what it raised."""
    shapes = [told.input] if told is not None and told.input else [geometry.x, geometry.last][last:]
    refusal: BaseException | None = None
    half: Array | None = None
    for shape in filter(None, shapes):
        x = _numbers(tuple(shape))
        reached, error = runs(thing, x, names)
        refusal = refusal or error
        if reached > FORWARD:
            return x, reached, None
        half = x if half is None and reached else half
    return half, FORWARD if half is not None else 0, refusal
