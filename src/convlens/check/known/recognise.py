"""Which known layer a stranger's is: the one whose numbers it gives, else the one it is called after.

Must not know reports. Names alone decide only where nothing agrees, and only names that leave no doubt.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.check.known.affine import Affine, BiasWithin
from convlens.check.known.convolution import Convolution, Weights
from convlens.check.known.elementwise import ELEMENTWISE
from convlens.check.known.groups import SpreadWeights, told_dilation, told_groups
from convlens.check.known.known import Known
from convlens.check.known.normalisation import normalisations
from convlens.check.known.pooling import MaxPooling, MeanPooling
from convlens.check.known.windows import Frame
from convlens.check.measuring import alike

__all__ = ["called", "recognise"]

_STRIDES = ("stride", "strides", "s", "step", "st")
_PADS = ("pad", "padding", "p", "pads", "pad_size")
_WINDOWS = ("pool_size", "kernel_size", "kernel", "size", "window", "window_size", "filter_size", "ksize",
            "pool", "k", "f", "hw", "pool_shape", "width", "w_size")  # fmt: skip
_ORDERS = ((0, 1, 2, 3), (3, 2, 0, 1), (2, 3, 0, 1), (1, 0, 2, 3), (0, 3, 1, 2))
_TITLES = (
    ("convolution", r"conv",
     r"trans|depth|separab|dilat|deconv|group|1d|3d|causal|block|net|norm|relu|pool|graph"),
    ("mean_pooling", r"(avg|average|mean)_?pool", r"adapt|global"),
    ("pooling", r"pool", r"adapt|global|avg|average|mean|l2|lp|sum|stoch|spatial|unpool|block|conv|min"),
    ("affine", r"affine|linear|dense|fc|fully_?connected|full_?connect|inner_?product",
     r"bilinear|nonlinear|unit|relu|block|densenet|norm|activation|lowrank"),
    ("relu", r"relu",
     r"leaky|prelu|rrelu|srelu|crelu|gelu|selu|celu|elu_|relu6|relun|conv|norm|block|affine|linear"),
    ("sigmoid", r"sigmoid|logistic",
     r"log_?sigmoid|hard|loss|swish|entropy|cross|scaled|fast|approx|shift|bi"),
    ("tanh", r"tanh|hyperbolic", r"hard|shrink|loss|scaled|lecun|fast|approx|shift"),
    ("softmax", r"softmax", r"log|loss|cross|entropy"),
)  # fmt: skip
"""A kind, what a class of it is called, and what it is called if it is something else after all."""


def called(name: str) -> str | None:
    """Return the kind that a class is called after; None where its name says more, or something else.

    >>> [called(name) for name in ("MyConv2D", "MaxPoolLayer", "LeakyReLU", "Dense", "DepthwiseConv")]
    ['convolution', 'pooling', None, 'affine', None]
    """
    small = name.lower()
    return next(
        (kind for kind, yes, no in _TITLES if re.search(yes, small) and not re.search(no, small)), None
    )


def recognise(
    name: str,
    x: Array,
    out: Array,
    params: Mapping[str, Array],
    settings: Mapping[str, Any],
    tolerance: float,
) -> list[Known]:
    """Return the known layer whose numbers a stranger's gives, or else all that it may be by its name.

    Args:
        name: its class's.
        x: the input.
        out: what it gives.
        params: its weights and biases by path.
        settings: its own numbers by name.
        tolerance: up to which share of the largest number two outputs are the same.
    """
    for norm in normalisations(name, x, params):
        if alike(norm.right(), out, tolerance):
            norm.agrees = True
            return [norm]
    wanted, named = called(name), []
    settings = _flat(settings)
    is_free = wanted is None or (wanted == "pooling" and "max" not in name.lower())
    for known in _candidates(x, out, params, settings):
        if (is_free or known.kind == wanted) and alike(known.right(), out, tolerance):
            known.agrees = True
            return [known]
        if known.kind == wanted and _may_be_meant(known, out, settings):
            named.append(known)
    is_more = any(_is_more(known, out, tolerance) for known in named)
    return [] if is_more or _is_uneven(settings) else named


def _is_uneven(settings: Mapping[str, Any]) -> bool:
    """Say whether a layer's border is told by a word, or side by side: it may be wider on one side."""
    borders = (settings.get(name.replace("_", "")) for name in (*_PADS, "border"))
    return any(isinstance(one, str) or (isinstance(one, tuple) and len(one) > 2) for one in borders)


def _flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings by bare name; those of a table among them, too."""
    found: dict[str, Any] = {}
    for name, value in settings.items():
        inner = value.items() if isinstance(value, dict) else [(name, value)]
        found.update({str(key).replace("_", "").lower(): one for key, one in inner})
    return found


def _may_be_meant(known: Known, out: Array, settings: Mapping[str, Any]) -> bool:
    """Say whether a formula whose numbers are others may be held against a layer.

    It gives an output of the same shape, or the layer says itself how large its step and its border are.
    """
    steps = _told(settings, _STRIDES), _told(settings, _PADS)
    if known.kind in {"convolution", "pooling", "mean_pooling"}:
        return known.right().shape == out.shape or (out.ndim == 4 and None not in steps)
    return known.right().shape == out.shape


def _is_more(known: Known, out: Array, tolerance: float) -> bool:
    """Say whether a layer is what its name says and one thing more: an activation after it, or a factor."""
    right = known.right()
    if right.shape != out.shape or known.kind in {"relu", "sigmoid", "tanh", "softmax"}:
        return False
    return any(
        alike(one.function(right), out, tolerance) for one in ELEMENTWISE if one.kind != "softmax"
    ) or (right.ndim == 2 and alike(ELEMENTWISE[-1].function(right), out, tolerance))


def _candidates(
    x: Array, out: Array, params: Mapping[str, Array], settings: Mapping[str, Any]
) -> Iterator[Known]:
    weights = [(path, array) for path, array in params.items() if array.ndim in {2, 4} and array.size > 1]
    if not weights:
        yield from (made(x) for made in ELEMENTWISE)
        if x.ndim == 4:
            yield from _poolings(x, settings)
        return
    for (path, W), columns in product(weights, (False, True)):
        rest = [(at, one) for at, one in params.items() if at != path]
        if W.ndim == 4 and x.ndim == 4 and not columns:
            yield from _convolutions(x, out, (path, W), rest, settings)
        elif W.ndim == 2:
            yield from _affines(x, (path, W), rest, columns=columns)


def _affines(
    x: Array, W: tuple[str, Array], rest: list[tuple[str, Array]], *, columns: bool
) -> Iterator[Known]:
    n_inputs = (len(x) if x.ndim == 2 else 0) if columns else int(np.prod(x.shape[1:]))
    for turned in (False, True):
        shape = W[1].shape[::-1] if turned else W[1].shape
        bias = next((one for one in rest if one[1].size == shape[1]), None)
        if shape[0] == n_inputs:
            yield Affine(x, W, bias, turned=turned, columns=columns)
        elif n_inputs and shape[0] == n_inputs + 1 and bias is None:
            yield from (
                BiasWithin(x, W, turned=turned, columns=columns, first=first) for first in (False, True)
            )


def _convolutions(
    x: Array, out: Array, W: tuple[str, Array], rest: list[tuple[str, Array]], settings: Mapping[str, Any]
) -> Iterator[Known]:
    for last, axes in product((False, True), _ORDERS):
        shape = tuple(W[1].shape[axis] for axis in axes)
        channels = x.shape[3 if last else 1]
        groups, dilation = told_groups(settings, shape[0], shape[1], channels), told_dilation(settings)
        if shape[1] * groups != channels or out.ndim != 4:
            continue
        b_path, b = next((one for one in rest if one[1].size == shape[0]), (None, None))
        weights = Weights(*W, b_path, b, axes, last)
        if groups > 1 or dilation != (1, 1):
            weights = SpreadWeights(*W, b_path, b, axes, last, groups, dilation)
        window = weights.window
        for frame in _frames(settings, window, weights.pictures(x)):
            if frame.fits(weights.pictures(x)):
                yield Convolution(x, weights, frame)


def _poolings(x: Array, settings: Mapping[str, Any]) -> Iterator[Known]:
    window = _window(settings)
    windows = [window] if window else [(2, 2), (3, 3)]
    for last, one in product((False, True), windows):
        pictures = x.transpose(0, 3, 1, 2) if last else x
        for frame in _frames(settings, one, pictures):
            if frame.fits(pictures):
                yield MaxPooling(x, frame, last=last, fill=-np.inf if any(frame.pad + frame.more) else 0)
                yield MaxPooling(x, frame, last=last, fill=0)
                yield MeanPooling(x, frame, last=last, fill=0)


def _frames(settings: Mapping[str, Any], window: tuple[int, int], pictures: Array) -> Iterator[Frame]:
    """Yield the frames of the strides and pads that are told, or that may be meant."""
    stride, pad = _told(settings, _STRIDES), _told(settings, _PADS)
    half = ((window[0] - 1) // 2, (window[1] - 1) // 2)
    word = next((settings[name] for name in _PADS if isinstance(settings.get(name), str)), "")
    is_same = pad is None and word.lower() == "same"
    pads = [pad] if pad is not None else [half] if is_same else [(0, 0), half, (1, 1)]
    for step in [stride] if stride else dict.fromkeys([(1, 1), window, (2, 2)]):
        if is_same:
            yield Frame.same(window, step, pictures.shape)
        yield from (Frame(window, step, one) for one in dict.fromkeys(pads))


def _told(settings: Mapping[str, Any], names: tuple[str, ...]) -> tuple[int, int] | None:
    for name in names:
        value = settings.get(name.replace("_", ""))
        if isinstance(value, bool):
            continue
        if isinstance(value, int | np.integer):
            return int(value), int(value)
        if isinstance(value, tuple):
            return value
    return None


def _window(settings: Mapping[str, Any]) -> tuple[int, int] | None:
    for high, wide in (("poolh", "poolw"), ("ph", "pw"), ("h", "w"), ("kh", "kw"),
                       ("poolheight", "poolwidth"),
                       ("kernelh", "kernelw"), ("height", "width"), ("hh", "ww"), ("fh", "fw"),
                       ("windowh", "windoww"), ("wh", "ww")):  # fmt: skip
        if isinstance(settings.get(high), int) and isinstance(settings.get(wide), int):
            return settings[high], settings[wide]
    return _told(settings, _WINDOWS)
