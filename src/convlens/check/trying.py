"""Readings of a layer whose arguments have names that say nothing: what its source says of them, tried.

A reading is a kind of input with arguments that go with it: rows, sequences, signals, pictures. It counts
only where forward and backward both run, and the derivative has the input's shape if that can be had at all.
Must not know what is wrong with a layer.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.clues import Clue, clues_of, clues_of_input
from convlens.check.guessing import (
    BIASES,
    PAD,
    SETTINGS,
    STRIDE,
    WEIGHTS,
    Geometry,
    Way,
    bare,
    describes,
    given,
    parameters_of,
)
from convlens.check.names import Names
from convlens.check.subject import Broken, Subject
from convlens.errors import ConvlensError

__all__ = ["FORWARD", "WHOLE", "readings", "runs"]

Shape = tuple[int, ...]
_MOST = 400  # readings that are tried
_OF_A_KIND = 40  # of one kind of input
_ENOUGH = 3  # readings that are handed on
_NONE, FORWARD, BOTH, WHOLE = range(4)
"""How much of a layer runs: nothing; its forward; its backward, too; that gives the input's shape, too."""


@dataclass(frozen=True)
class _Kind:
    """A kind of input, and the arrays that go with it.

    Attributes:
        x: an input's shape.
        weights: shapes of weights, those first that are meant most often.
        biases: shapes of biases.
        sizes: (inputs, outputs), where a layer asks for numbers.
    """

    x: Shape
    weights: tuple[Shape, ...]
    biases: tuple[Shape, ...]
    sizes: tuple[int, int]


_MATRICES = ((12, 5), (5, 12), (12, 12), (13, 5), (5, 13), (12,))
_KINDS = (
    _Kind((3, 12), _MATRICES, ((5,), (12,), (1, 5), (5, 1)), (12, 5)),
    _Kind((3, 2, 7, 5), ((4, 2, 3, 3), (4, 2), (2, 4), (2, 3, 3), (2, 1, 3, 3), (3, 3, 2, 4), (3, 3), (2,)),
          ((4,), (2,), (4, 1), (1, 4, 1, 1)), (2, 4)),
    _Kind((3, 2, 9), ((4, 2, 3), (2, 3), (4, 2), (3, 2, 4), (2,)), ((4,), (2,), (4, 1)), (2, 4)),
    _Kind((3, 4, 12), _MATRICES, ((5,), (12,)), (12, 5)),
    _Kind((3, 7, 5, 2), ((3, 3, 2, 4), (4, 2, 3, 3), (2, 4), (4, 2), (3, 3, 2), (4, 3, 3, 2)),
          ((4,), (2,)), (2, 4)),
    _Kind((12, 3), ((5, 12), (12, 5), (12, 12)), ((5, 1), (12, 1)), (12, 5)),
    _Kind((3, 2, 6, 6), ((4, 2, 3, 3), (2, 3, 3)), ((4,), (2,)), (2, 4)),
    _Kind((3, 9, 2), ((3, 2, 4), (4, 3, 2), (3, 2)), ((4,), (2,)), (2, 4)),
    _Kind((9, 12), ((3, 12), (12,), (4, 12)), ((12,),), (12, 5)),
    _Kind((3, 12, 4), ((5, 12), (12, 5)), ((5, 1), (5,)), (12, 5)),
    _Kind((7, 5), ((3, 3), (2, 3)), ((1,),), (2, 4)),
    _Kind((12,), _MATRICES, ((5,),), (12, 5)),
    _Kind((3, 1, 8, 8), ((4, 1, 3, 3),), ((4,),), (1, 4)),
    _Kind((3, 3, 8, 8), ((4, 3, 3, 3),), ((4,),), (3, 4)),
)  # fmt: skip
_NUMBERS: dict[int, tuple[Shape, ...]] = {
    0: ((),),
    1: ((2,), (3,), (1,)),
    2: ((3, 2), (2, 1), (2, 2), (3, 1), (1, 1), (3, 0)),
    3: ((3, 2, 1), (3, 3, 2), (2, 4, 3), (3, 2, 0), (2, 2, 2)),
    4: ((2, 4, 3, 2), (3, 3, 2, 1), (3, 3, 2, 0), (2, 2, 2, 0)),
    5: ((2, 4, 3, 2, 1), (2, 4, 3, 3, 2)),
}
_PHRASES = ("train", "training", "mean", "same", "valid", "relu", "constant")


def runs(thing: Any, x: Array, names: Names) -> tuple[int, BaseException | None]:  # noqa: ANN401
    """Say how much of a layer runs for an input, and what it raised where it does not.

    Args:
        thing: a layer.
        x: the input.
        names: what its methods are called.
    """
    reached = _NONE
    subject: Subject | None = None
    try:
        subject = Subject(thing, names)
        layer = subject.fresh()
        with np.errstate(all="ignore"):
            out, cache = subject.forward(layer, x)
            if not out.size or not out.ndim or out.dtype.kind not in "fiu" or not np.isfinite(out).all():
                return _NONE, None
            reached = FORWARD
            dout = np.random.default_rng(1).normal(size=out.shape)
            passed = subject.backward(layer, x, out, dout, cache)
    except Broken as broken:
        return reached, broken.error
    except ConvlensError as error:
        return reached, error
    finally:
        if subject is not None:
            subject.shared.restore()
    fits = passed.dx is not None and passed.dx.shape == x.shape
    return (WHOLE if fits else BOTH), None


def readings(
    maker: Callable[..., Any], names: Names, forwards: tuple[str, ...]
) -> Iterator[tuple[Any, Array, int, Mapping[str, Any]]]:
    """Yield readings under which a layer runs: object, input, how much of it runs, and what it was made with.

    Those that run as a whole come first; where there are none, the best of the others is the only one.

    Args:
        maker: a class, or what stands in for one.
        names: what its methods are called.
        forwards: what its forward may be called.
    """
    best: tuple[int, Any, Array, Mapping[str, Any]] | None = None
    found = 0
    tried = islice(_tried(maker, clues_of(maker), clues_of_input(maker, forwards)), _MOST)
    for settings, shape in tried:
        try:
            with np.errstate(all="ignore"):
                thing = maker(**settings)
        except (Exception, SystemExit):  # noqa: BLE001, S112 (a stranger's)
            continue
        x = np.random.default_rng(3).normal(size=shape)
        reached, _ = runs(thing, x, names)
        if reached == WHOLE:
            yield thing, x, reached, settings
            found += 1
            if found == _ENOUGH:
                return
        elif reached and (best is None or reached > best[0]):
            best = (reached, thing, x, settings)
    if best is not None and not found:
        yield best[1], best[2], best[0], best[3]


def _tried(
    maker: Callable[..., Any], clues: Mapping[str, Clue], of_input: Clue
) -> Iterator[tuple[dict[str, Any], Shape]]:
    """Yield arguments and an input's shape, those first that the source speaks for."""
    for kind in _KINDS:
        if not of_input.fits(len(kind.x)):
            continue
        unknown = _unknown(maker, clues)
        numbers = [name for name, clue in unknown.items() if clue.is_number]
        rest = [name for name in unknown if name not in numbers]
        options = [_options(name, unknown[name], kind, n) for n, name in enumerate(rest)]
        for sizes in _NUMBERS.get(len(numbers), ()):
            own = dict(zip(numbers, sizes, strict=True))
            for values in _likely(options):
                held = {**own, **dict(zip(rest, values, strict=True))}
                made = {bare(name): one() if callable(one) else one for name, one in held.items()}
                try:
                    yield given(maker, _geometry(kind), Way(), made), kind.x
                except TypeError:
                    return


def _likely(options: list[list[Any]]) -> Iterator[tuple[Any, ...]]:
    """Yield choices of one value for each argument, those first in which all are likely."""
    places = sorted(product(*(range(len(one)) for one in options)), key=sum)[:_OF_A_KIND]
    yield from (tuple(one[at] for one, at in zip(options, place, strict=True)) for place in places)


def _geometry(kind: _Kind) -> Geometry:
    is_picture = len(kind.x) == 4
    return Geometry(kind.x, kind.x if is_picture else (), 3, 2, 1, outputs=kind.sizes[1])


def _unknown(maker: Callable[..., Any], clues: Mapping[str, Clue]) -> dict[str, Clue]:
    """Return the arguments that must be given and whose names do not say what, with what the source says."""
    found: dict[str, Clue] = {}
    for name, parameter in parameters_of(maker).items():
        clue, small = clues.get(name, Clue()), bare(name)
        is_array = clue.is_array or small in WEIGHTS | BIASES
        is_left_out = parameter.default is None and is_array
        if (parameter.default is parameter.empty or is_left_out) and (is_array or not _is_settled(small)):
            found[name] = clue
    return found


def _is_settled(small: str) -> bool:
    """Say whether a name leaves no doubt that a number is meant: one letter leaves one, but for a step."""
    if small in STRIDE | PAD:
        return True
    return (
        len(small) > 1 and small not in {"gamma", "beta", "scale"} and (describes(small) or small in SETTINGS)
    )


def _options(name: str, clue: Clue, kind: _Kind, place: int) -> list[Any]:
    """Return what an argument may be given, what is likely first; arrays as functions that make them."""
    if clue.words:
        return [next((one for one in _PHRASES if one in clue.words), clue.words[0])]
    if bare(name) in {"rng", "gen", "generator"}:
        return [lambda: np.random.default_rng(0)]
    if clue.is_flag:
        return [True]
    is_bias = bare(name) in BIASES or (place > 0 and bare(name) not in WEIGHTS and not clue.is_matrix)
    shapes = (*kind.biases, *kind.weights) if is_bias else (*kind.weights, *kind.biases)
    arrays = [_maker_of(shape, place) for shape in dict.fromkeys(shapes) if clue.fits(len(shape))]
    if clue.is_array:
        return arrays
    told = SETTINGS.get(bare(name))
    return [*([told] if isinstance(told, int | float) else []), *arrays, 0.5, 2]


def _maker_of(shape: Shape, place: int) -> Callable[[], Array]:
    return lambda: 0.5 * np.random.default_rng(40 + place).normal(size=shape)
