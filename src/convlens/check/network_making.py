"""A stranger's networks and optimizers, made by what their constructors call their arguments.

Must not know files.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.forms import FORWARDS, LOSSES, as_book
from convlens.check.guessing import (
    CHANNELS,
    HIDDEN,
    HIDDEN_NAMES,
    IN,
    INPUTS,
    N_IN,
    N_OUT,
    OUT,
    OUTPUTS,
    SETTINGS,
    STRIDE,
    Geometry,
    Way,
    bare,
    given,
    parameters_of,
)
from convlens.check.places import places
from convlens.check.told import Told

__all__ = ["made_alone", "made_network"]

_LISTS = frozenset((
    *("sizes", "layersizes", "dims", "layerdims", "units", "widths", "architecture", "topology", "structure"),
    *("layers", "shape", "nodes", "sizelist", "layerslist", "netsizes", "dimensions", "layersdims"),
))  # fmt: skip
_HIDDEN_LISTS = frozenset((
    *("hiddensizes", "hiddensizelist", "hiddendims", "hiddenlayers", "nhiddens", "hiddens", "hiddenunits"),
    *("hiddenlayersizes", "hiddensizeslist", "hiddenlist"),
))  # fmt: skip
_SIDES = frozenset(("size", "imgsize", "imagesize", "height", "width", "h", "w", "side", "insize"))
_SHAPES = frozenset(("inputshape", "inshape", "imageshape", "xshape", "shapein"))
_SHAPED = frozenset(("inputdim", "inputsize", "indim", "inputs"))
_PICTURE = (1, 8, 8)
_BITS = np.array([0.0, 1.0, 1.0])  # labels of one number a sample
_BATCHES = (
    *((3, 12), (3, 1, 8, 8), (3, 64), (3, 2), (3, 4), (3, 2, 7, 5)),
    *((3, 1, 28, 28), (3, 784), (3, 1, 12, 12), (3, 3, 32, 32)),
)
"""What goes into networks whose constructors do not say it."""


def made_alone(cls: type, told: Told) -> Any:  # noqa: ANN401
    """Return an object of a class that needs no input, such as an optimizer."""
    return cls(**(told.values() if told.arguments is not None else given(cls, Geometry((3, INPUTS)), Way())))


def made_network(cls: type, told: Told) -> tuple[Any, Array, list[Array]]:
    """Return a network with a batch that it takes, and labels in each form that it takes.

    Raises:
        Exception: what it raised for every batch that was tried.
    """
    failure: Exception | None = None
    for network in _networks(cls, told):
        if isinstance(network, Exception):
            failure = failure or network
            continue
        try:
            return (network, *_batch_of(network, told))
        except Exception as error:  # noqa: BLE001 (a stranger's)
            failure = failure if isinstance(failure, AssertionError) else error
    raise failure or TypeError("no argument fits")


def _networks(cls: type, told: Told) -> Iterator[Any]:
    """Yield networks made in one way after another, or what their constructor raised."""
    if told.arguments is not None:
        yield cls(**told.values())
        return
    for lists, pictures in ((True, False), (False, True), (True, True), (False, False)):
        own = _own(cls, lists=lists, pictures=pictures)
        try:
            yield cls(**given(cls, Geometry((3, INPUTS), outputs=OUTPUTS), Way(), own))
        except Exception as error:  # noqa: BLE001 (a stranger's)
            yield error
    try:
        yield cls()
    except Exception as error:  # noqa: BLE001
        yield error
    yield from _by_place(cls)
    for places_ in (
        (INPUTS, HIDDEN, OUTPUTS),
        ([INPUTS, HIDDEN, OUTPUTS],),
        (_PICTURE, 3, 3, HIDDEN, OUTPUTS),
    ):
        with suppress(Exception):
            yield cls(**given(cls, Geometry((3, INPUTS)), Way(places=places_)))


def _by_place(cls: type) -> Iterator[Any]:
    """Yield a network whose sizes have names that say nothing: from the input to the output."""
    asked = [name for name, one in parameters_of(cls).items()
             if one.default is one.empty and (len(name) == 1 or bare(name) not in SETTINGS)]  # fmt: skip
    sizes = {1: ([INPUTS, HIDDEN, OUTPUTS],), 2: (INPUTS, OUTPUTS), 3: (INPUTS, HIDDEN, OUTPUTS),
             4: (INPUTS, HIDDEN, HIDDEN - 1, OUTPUTS)}.get(len(asked), ())  # fmt: skip
    with suppress(Exception):
        own = dict(zip(map(bare, asked), sizes, strict=True))
        yield cls(**given(cls, Geometry((3, INPUTS)), Way(), own))


def _own(cls: type, *, lists: bool, pictures: bool) -> dict[str, Any]:
    """Return what a network's arguments are given by their names."""
    values: dict[str, Any] = {
        **dict.fromkeys(STRIDE, 1),
        **dict.fromkeys(OUT, CHANNELS + 1),
        **dict.fromkeys(N_OUT, OUTPUTS),
        **dict.fromkeys(IN, 1),
        **dict.fromkeys(_SHAPES, _PICTURE if pictures else (INPUTS,)),
        **dict.fromkeys(N_IN, INPUTS),
        **(dict.fromkeys(_SHAPED, _PICTURE) | dict.fromkeys(_SIDES, 8) if pictures else {}),
        **dict.fromkeys(HIDDEN_NAMES, HIDDEN if lists or pictures else [HIDDEN]),
        **dict.fromkeys(_HIDDEN_LISTS, [HIDDEN] if lists else HIDDEN),
        **dict.fromkeys(_LISTS, [INPUTS, HIDDEN, OUTPUTS] if lists else 3),
    }
    return {name: values[name] for name in map(bare, parameters_of(cls)) if name in values}


def _shapes(network: Any) -> Iterator[tuple[int, ...]]:  # noqa: ANN401
    """Yield shapes of batches that fit the first of a network's matrices and filters."""
    arrays = [one.array for one in places(network) if one.array.ndim in {2, 4} and one.array.size > 1]
    if arrays and arrays[0].ndim == 2:
        yield from ((3, n) for n in arrays[0].shape)
    filters = [one for one in arrays if one.ndim == 4][:1]
    for one in filters:
        for channels, size in (
            (c, s) for c in dict.fromkeys((one.shape[1], one.shape[2], 1)) for s in range(4, 33)
        ):
            yield (3, channels, size, size)
        yield from ((3, size, size, one.shape[2]) for size in (8, 28, 12))


def _batch_of(network: Any, told: Told) -> tuple[Array, list[Array]]:  # noqa: ANN401
    """Return a batch that a network takes, and labels in each form that it takes."""
    name = next(name for name in (*LOSSES, "forward") if hasattr(network, name))
    labels = np.array([0, 2, 1])
    failure: Exception | None = None
    for shape in dict.fromkeys(filter(None, chain((told.input,), _shapes(network), _BATCHES))):
        x = np.random.default_rng(3).random(shape)
        n_classes, taken = _classes_of(network, x), []
        forms = [labels, np.eye(n_classes, dtype=np.int64)[labels]]
        if _is_column(network, x):
            forms = [_BITS.reshape(-1, 1), _BITS, *forms]
        for t in forms:
            try:
                with np.errstate(all="ignore"):
                    as_book(network, x, t).loss(x.copy(), t.copy())
            except Exception as error:  # noqa: BLE001 (a stranger's)
                failure = failure or error
            else:
                taken.append(t)
        if taken:
            return x, taken
    raise failure or TypeError(f"no batch fits `{name}`")


def _is_column(network: Any, x: Array) -> bool:  # noqa: ANN401
    """Say whether a network gives one number a sample, as far as it tells."""
    for name in FORWARDS:
        with suppress(Exception), np.errstate(all="ignore"):  # a stranger's
            out = np.asarray(getattr(network, name)(x.copy()))
            if out.dtype.kind == "f":
                return out.shape in {(len(x), 1), (len(x),)}
    last = [one.array for one in places(network) if one.array.dtype.kind == "f" and one.array.ndim in {1, 2}][
        -1:
    ]
    return bool(last) and (last[0].shape[-1] == 1 or last[0].shape == x.shape[1:])


def _classes_of(network: Any, x: Array) -> int:  # noqa: ANN401
    """Return how many scores a network gives a sample, as far as it tells."""
    with suppress(Exception), np.errstate(all="ignore"):  # a stranger's
        return max(3, int(np.shape(network.predict(x.copy()))[-1]))
    last = [one.array.shape[-1] for one in places(network) if one.array.ndim in {1, 2}][-1:]
    return last[0] if last and last[0] >= 3 else OUTPUTS
