"""Objects of a stranger's classes, made by what their constructors call their arguments. Must not know files.

A layer is made in more than one geometry, so that a fault that one of them hides shows in another: a stride,
a border, windows that overlap, a picture for an affine layer.
"""

import copy
import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.known.recognise import called
from convlens.check.names import Names
from convlens.check.told import Told

__all__ = ["Made", "is_loss", "made", "made_alone", "made_network", "n_inputs"]

_SHORT = 3  # ways in which arrays may lie


@dataclass(frozen=True)
class Made:
    """An object of a class, and an input; whether it makes an array of it."""

    thing: Any
    x: Array
    is_taken: bool = True


@dataclass(frozen=True)
class _Geometry:
    """How large everything is; the names are those of arguments."""

    x: tuple[int, ...]
    last: tuple[int, ...] = ()
    window: int = 3
    stride: int = 1
    pad: int = 0
    outputs: int = 5


_CONVOLUTIONS = (_Geometry((3, 2, 7, 5), (3, 7, 5, 2)), _Geometry((3, 2, 7, 5), (3, 7, 5, 2), 3, 2, 1))
_POOLINGS = (
    _Geometry((3, 2, 6, 4), (3, 6, 4, 2), 2, 2),
    _Geometry((3, 2, 7, 5), (3, 7, 5, 2), 3, 2),
)
_AFFINES = (_Geometry((3, 12)), _Geometry((3, 12), outputs=12), _Geometry((3, 2, 2, 3)), _Geometry((12, 3)))
_ACTIVATIONS = (_Geometry((3, 7)), _Geometry((3, 2, 4, 5)))
_BATCHES = (
    *((3, 12), (3, 1, 28, 28), (3, 784), (3, 2, 7, 5)),
    *((3, 1, 12, 12), (3, 1, 8, 8), (3, 3, 32, 32), (3, 2)),
)
"""What goes into networks whose constructors do not say it."""

_CHANNELS, _FILTERS, _INPUTS, _OUTPUTS = 2, 4, 12, 5


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WEIGHTS = _names("w weight weights filters kernel kernels filter wt k init_w w_init")
_BIASES = _names("b bias biases init_b b_init")
_IN = _names(
    "in_channels in_ch c_in cin channels_in input_channels n_channels num_channels channels in_c "
    "input_depth n_input_channels c inc in_planes n_in_channels"
)
_OUT = _names(
    "out_channels out_ch c_out cout channels_out output_channels n_filters num_filters filters out_c "
    "n_kernels num_kernels depth fn outc out_planes nb_filters filter_num kernels f n_out_channels"
)
_WINDOW = _names(
    "kernel_size filter_size ksize size kernel k f window window_size kh kw pool_size pool_h pool_w fh fw "
    "pool h w kernel_h kernel_w filter_h filter_w ph pw pool_height pool_width hh ww kernel_height "
    "kernel_width filter_height filter_width"
)
_LOSSES = ("loss", "entropy", "error", "mse", "cost", "criterion", "nll")
_LABELS = _names("t target targets label labels y_true truth answer answers teacher")
_STRIDE = _names("stride strides s step")
_PAD = _names("pad padding p pads")
_N_IN = _names(
    "in_features n_in input_size input_dim in_dim n_inputs fan_in d num_inputs nin in_size inputs n_input "
    "input_units d_in in_units num_in inp dim_in n_x input_features size_in"
)
_N_OUT = _names(
    "out_features n_out output_size output_dim out_dim n_outputs fan_out units nout num_outputs out_size "
    "outputs n_output output_units d_out out_units n_units m num_out out dim_out hidden_size n_neurons "
    "neurons n_h output_features size_out"
)


def n_inputs(forward: Callable[..., Any]) -> int:
    """Return how many arguments a forward must be given."""
    return len(_needed(forward))


def is_loss(cls: type, forward: Callable[..., Any]) -> bool:
    """Say whether a class of two inputs is a loss: by its name, or by that of the second one."""
    needed = _needed(forward)
    named = any(word in cls.__name__.lower() for word in _LOSSES)
    return len(needed) == 2 and (named or needed[1].lower() in _LABELS)


def _needed(function: Callable[..., Any]) -> list[str]:
    """Return the names of the arguments that a method must be given, but for itself."""
    given = list(inspect.signature(function).parameters.values())[1:]
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [one.name for one in given if one.kind in plain and one.default is one.empty]


def made(cls: type, names: Names, told: Told | None = None) -> list[Made]:
    """Return objects of a class with inputs that they take: one a geometry in which it can be made.

    Args:
        cls: the class.
        names: what its methods are called.
        told: what somebody said of its arguments and its input.

    Raises:
        Exception: what its constructor raised, where no arguments fit it.
    """
    if told is not None and told.arguments is not None:
        thing = cls(**told.values())
        return [Made(thing, _numbers(told.input))] if told.input else [_fitting(thing, names)]
    failure: Exception | None = None
    fallback: Made | None = None
    for geometries in _kinds(cls):
        found: list[Made] = []
        for geometry in geometries:
            tried, error = _in_geometry(cls, geometry, names, told)
            failure = failure or error
            fallback = fallback or next(iter(tried), None)
            found += [one for one in tried if one.is_taken][:1] or (_refused(tried, found, geometry))
        if any(one.is_taken for one in found):
            return found
    if fallback is not None:
        return [fallback]
    raise failure or TypeError("no argument fits")


def _in_geometry(
    cls: type, geometry: _Geometry, names: Names, told: Told | None
) -> tuple[list[Made], Exception | None]:
    """Return the objects that can be made in a geometry, and what the constructor raised."""
    tried, failure = [], None
    for way in range(_SHORT):
        try:
            thing = cls(**_arguments(cls, geometry, way))
        except Exception as error:  # noqa: BLE001 (a stranger's)
            failure = failure or error
            continue
        x = _taken(thing, geometry, names, told)
        tried.append(Made(thing, _numbers(geometry.x) if x is None else x, x is not None))
        if x is not None:
            break
    return tried, failure


def _refused(tried: list[Made], found: list[Made], geometry: _Geometry) -> list[Made]:
    """Return an object whose forward takes pictures in one geometry, but raises in this one: that is a fault.

    A layer of rows that takes no pictures is none.
    """
    if not tried or not found or not geometry.last:
        return []
    is_last = found[0].x.shape[-1] == geometry.last[-1]
    return [Made(tried[0].thing, _numbers(geometry.last if is_last else geometry.x), is_taken=False)]


def made_alone(cls: type, told: Told) -> Any:  # noqa: ANN401
    """Return an object of a class that needs no input, such as an optimizer."""
    return cls(**(told.values() if told.arguments is not None else _arguments(cls, _AFFINES[0], 0)))


def made_network(cls: type, told: Told) -> tuple[Any, Array, Array]:
    """Return a network with a batch and labels that it takes.

    Raises:
        Exception: what it raised for every batch that was tried.
    """
    network = made_alone(cls, told)
    labels = np.array([0, 2, 1])
    failure: Exception | None = None
    for shape in filter(None, (told.input, *_BATCHES)):
        x = np.random.default_rng(3).random(shape)
        n_classes = _classes_of(network, x)
        for t in (labels, np.eye(n_classes, dtype=np.int64)[labels]):
            try:
                network.loss(x.copy(), t.copy())
            except Exception as error:  # noqa: BLE001 (a stranger's)
                failure = failure or error
            else:
                return network, x, t
    raise failure or TypeError("no batch fits")


def _classes_of(network: Any, x: Array) -> int:  # noqa: ANN401
    """Return how many scores a network gives a sample, as far as it tells."""
    with suppress(Exception):  # a stranger's
        return max(3, int(np.shape(network.predict(x.copy()))[-1]))
    return _OUTPUTS


def _fitting(thing: Any, names: Names) -> Made:  # noqa: ANN401
    """Return a thing with the first input that it takes."""
    every = (*_ACTIVATIONS, *_AFFINES, *_CONVOLUTIONS)
    for geometry in every:
        x = _taken(thing, geometry, names, None)
        if x is not None:
            return Made(thing, x)
    return Made(thing, _numbers(every[0].x))


def _numbers(shape: tuple[int, ...]) -> Array:
    return np.random.default_rng(3).normal(size=shape)


def _kinds(cls: type) -> Iterator[tuple[_Geometry, ...]]:
    """Yield the geometries in which a class may be made: those of its name first."""
    kind, arguments = called(cls.__name__), {name.lower() for name in _parameters(cls)}
    by_name = {
        "convolution": _CONVOLUTIONS,
        "pooling": _POOLINGS,
        "mean_pooling": _POOLINGS,
        "affine": _AFFINES,
    }
    if kind in by_name:
        yield by_name[kind]
    elif kind is not None:
        yield _ACTIVATIONS
    elif arguments & _PAD or arguments & (_IN | _OUT):
        yield from (_CONVOLUTIONS, _POOLINGS, _AFFINES, _ACTIVATIONS)
    elif arguments & (_WEIGHTS | _N_IN | _N_OUT):
        yield from (_AFFINES, _CONVOLUTIONS, _ACTIVATIONS)
    elif arguments & _STRIDE:
        yield from (_POOLINGS, _CONVOLUTIONS)
    yield from (_ACTIVATIONS, _AFFINES)


def _parameters(cls: type) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(cls).parameters)
    except (TypeError, ValueError):
        return {}


def _arguments(cls: type, geometry: _Geometry, way: int) -> dict[str, Any]:
    """Return a constructor's arguments; arrays lie in the `way`-th of the usual ways."""
    given: dict[str, Any] = {}
    for name, parameter in _parameters(cls).items():
        if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}:
            continue
        value = _value(name.lower().strip("_"), geometry, way)
        has_default = parameter.default is not parameter.empty
        if value is None and not has_default:
            raise TypeError(f"what `{name}` is cannot be told: say it in a check.toml")
        if has_default and (value is None or isinstance(parameter.default, bool | str)):
            continue
        if has_default and isinstance(value, np.ndarray) and parameter.default is not None:
            continue
        given[name] = value
    return given


def _value(name: str, geometry: _Geometry, way: int) -> Any:  # noqa: ANN401
    """Return what an argument of this name is given."""
    pictures = len(geometry.x) == 4 and bool(geometry.last)
    sizes: list[tuple[frozenset[str], Any]] = [
        (_STRIDE, geometry.stride),
        (_PAD, geometry.pad),
        (_N_IN, _INPUTS),
        (_N_OUT, geometry.outputs),
    ]
    if pictures:
        sizes += [(_IN, _CHANNELS), (_OUT - _WEIGHTS if way == 0 else _OUT, _FILTERS)]
        sizes += [(_WEIGHTS & _WINDOW, geometry.window)] if way else []
    found = next((size for names, size in sizes if name in names), None)
    if found is not None:
        return found
    if name in _WEIGHTS or name in _BIASES:
        return _array(name, geometry, way, pictures=pictures)
    if name in _WINDOW:
        return geometry.window
    n_features = int(np.prod(geometry.x[1:]))
    if name in {"gamma", "beta"}:  # of a normalisation
        return np.full(n_features, float(name == "gamma"))
    others: dict[str, Any] = {
        "input_shape": geometry.x[1:],
        "seed": 0,
        "lr": 0.1,
        "learning_rate": 0.1,
        "dtype": np.float64,
        "name": "layer",
    }
    return others.get(name)


def _array(name: str, geometry: _Geometry, way: int, *, pictures: bool) -> Array:
    """Return weights or a bias that lie in the `way`-th of the usual ways."""
    k = geometry.window
    if name in _BIASES:
        n = _FILTERS if pictures else geometry.outputs
        return np.zeros(((n,), (n,) if pictures else (n, 1), (1, n))[way])
    many = ((_FILTERS, _CHANNELS, k, k), (k, k, _CHANNELS, _FILTERS), (_CHANNELS, _FILTERS, k, k))
    flat = ((_INPUTS, geometry.outputs), (geometry.outputs, _INPUTS), (_INPUTS, geometry.outputs))
    return 0.5 * np.random.default_rng(len(name)).normal(size=(many if pictures else flat)[way])


def _taken(thing: Any, geometry: _Geometry, names: Names, told: Told | None) -> Array | None:  # noqa: ANN401
    """Return an input of which the layer makes an array, if there is one."""
    probed = copy.deepcopy(thing)  # what it remembers of this is not to reach the check
    method = next(
        (getattr(probed, name) for name in names.forward if callable(getattr(probed, name, None))), None
    )
    shapes = [told.input] if told is not None and told.input else [geometry.x, geometry.last]
    for shape in filter(None, shapes):
        x = _numbers(tuple(shape))
        given = None
        with suppress(Exception, SystemExit):  # a stranger's
            given = method(x.copy()) if method else None
        out = given[0] if isinstance(given, tuple) and given else given
        if isinstance(out, np.ndarray):
            return x
    return None
