"""Which layers run as one: from a list of layers to a list of stages. Must not know kernels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

import numpy as np

from convlens.engine.affine import AffineStage
from convlens.engine.average_pooling import AveragePoolingStage, Averages
from convlens.engine.averaged import averaged_convolution
from convlens.engine.checks import require_equal, require_fit
from convlens.engine.convolution import (
    ConvolutionStage,
    DepthwiseStage,
    Geometry,
    SpreadParameters,
    SpreadStage,
    is_depthwise,
    is_spread,
)
from convlens.engine.elementwise import ACTIVATIONS, ActivationStage, DropoutStage
from convlens.engine.fallback import FallbackStage
from convlens.engine.flatten import FlattenStage
from convlens.engine.memory import Frame, Matrix, Memory
from convlens.engine.normalisation import NormalisationStage, Weights
from convlens.engine.normalised_parameters import BoundNormalisation
from convlens.engine.normalised_pooling import NormalisedPoolingStage, is_wide
from convlens.engine.parameters import BoundParameters
from convlens.engine.pooling import PoolingStage
from convlens.engine.residual import ForkStage, SumStage
from convlens.engine.stage import Stage
from convlens.engine.tiles import AffineTile
from convlens.layers import Affine, Convolution, Layer, Pooling, Relu, Residual
from convlens.layers.average_pooling import AveragePooling
from convlens.layers.batch_normalization import BatchNormalization
from convlens.layers.dropout import Dropout
from convlens.layers.global_average_pooling import GlobalAveragePooling
from convlens.layers.residual import depth_first, numbered, shared_out
from convlens.spec.padding import borders
from convlens.spec.shapes import pair

__all__ = ["STAGES", "fuse"]

Gradients = dict[str, Any] | None


@dataclass(frozen=True)
class Place:
    """Where the next stage goes.

    Attributes:
        layers: all layers of the network, or of a way through one that holds layers.
        at: which of them is its first one.
        known_as: their numbers in the network, those inside others counted too.
        current: what the stage before it writes.
        gradients: arrays for that layer's derivatives, or None for new ones.
        needs_dx: whether a layer before it has parameters.
        before: the stage before it, if there is one.
    """

    layers: Sequence[Any]
    at: int
    known_as: Sequence[int]
    current: Memory
    gradients: Gradients
    needs_dx: bool
    before: Stage | None = None

    def is_followed_by(self, *kinds: type) -> bool:
        """Say whether layers of exactly these classes come behind the first one."""
        behind = self.layers[self.at + 1 : self.at + 1 + len(kinds)]
        return [type(layer) for layer in behind] == list(kinds)

    @property
    def number(self) -> int:
        """Of its first layer, in the network."""
        return self.known_as[self.at]

    def numbers(self, count: int) -> tuple[int, ...]:
        """Return the numbers of the first so many layers."""
        return tuple(self.known_as[self.at : self.at + count])


class Way(NamedTuple):
    """Layers as stages.

    Attributes:
        stages: in order.
        end: what the last one writes.
        trained: whether there are parameters in them, or in front of them.
    """

    stages: list[Stage]
    end: Memory
    trained: bool


def fuse(
    layers: Sequence[Any], shape: tuple[int, ...], gradients: Sequence[Gradients]
) -> tuple[Memory, list[Stage]]:
    """Return the input's memory and the stages that run these layers.

    A normalisation takes the ReLU behind it and the 2x2 max-pooling, in any order.
    A depthwise convolution takes the ReLU behind it; any other one takes the ReLU and the 2x2 max-pooling
    behind it, in any order (the maximum of ReLUs is the ReLU of the maximum), or the average pooling right
    behind it and a ReLU; an affine layer, any other pooling and a residual sum take the ReLU behind them.
    Only exact classes are taken: a subclass may compute something else, and runs as it is written. What ends
    with maps of one number each ends with a row of them.
    """
    # Pictures that nobody looks at as such are gathered as rows at once.
    flat = _wants_rows(layers, 0) or len(shape) != 3
    start: Memory = Matrix(shape, AffineTile.panel()) if flat else Frame(shape)
    stages, end, trained = _through(layers, start, gradients, trained=False, first=0)
    if isinstance(end, Frame) and end.has_one_place:
        _flattened(stages, end, needs_dx=trained)  # scores, one a channel
    return start, stages


def _through(
    layers: Sequence[Any], current: Memory, gradients: Sequence[Gradients], trained: bool, first: int
) -> Way:
    """Return layers as stages.

    Args:
        layers: one behind the other.
        current: what the first one reads.
        gradients: of each layer.
        trained: whether there are parameters in front of them.
        first: the number of the first of them, or of those inside it.
    """
    stages: list[Stage] = []
    known_as, i = numbered(layers, first), 0
    while i < len(layers):
        if isinstance(current, Frame) and _wants_rows(layers, i):
            current = _flattened(stages, current, needs_dx=trained)
        require_fit(layers[i], current.shape)
        before = stages[-1] if stages else None
        place = Place(layers, i, known_as, current, gradients[i], needs_dx=trained, before=before)
        stages += (
            _residual(place, layers[i])
            if type(layers[i]) is Residual
            else _averaged(place) or [_stage(place)]
        )
        taken = len(stages[-1].layers)
        # From the first parameters on derivatives are wanted all the way back.
        trained = trained or any(getattr(layer, "params", None) for layer in layers[i : i + taken])
        current, i = stages[-1].target, i + taken
    return Way(stages, current, trained)


def _residual(place: Place, layer: Residual) -> list[Stage]:
    """Return both ways, one behind the other, between where they begin and where they are added."""
    source, needs_dx = place.current, place.needs_dx
    made = {key: np.zeros(value.shape, np.float32) for key, value in layer.trained_params.items()}
    gradients = made | (place.gradients or {})
    own = shared_out(layer, gradients)
    number = place.number
    first_short = number - sum(1 for one in layer.shortcut for _ in depth_first(one))
    first_main = first_short - sum(1 for one in layer.layers for _ in depth_first(one))
    main = _through(layer.layers, source, own[0], needs_dx, first_main)
    branch = source.branch() if needs_dx and layer.shortcut else source
    short = _through(layer.shortcut, branch, own[1], needs_dx, first_short)
    require_equal(main.end.shape, short.end.shape)
    relu = place.is_followed_by(Relu)
    joined = SumStage(
        place.numbers(1 + relu), main.stages[-1], short.end, not layer.shortcut, relu, gradients
    )
    fork = [ForkStage(number, source, branch if layer.shortcut else joined.target)] if needs_dx else []
    return [*fork, *main.stages, *short.stages, joined]


def _wants_rows(layers: Sequence[Any], number: int) -> bool:
    """Say whether an affine layer comes next, or behind layers that work on every number by itself."""
    while number < len(layers) and type(layers[number]) in _ELEMENTWISE:
        number += 1
    return number < len(layers) and type(layers[number]) is Affine


def _flattened(stages: list[Stage], current: Frame, needs_dx: bool) -> Matrix:
    """Return rows for an affine layer: from the last stage, if that can write them, or from a new one."""
    rows = stages[-1].flatten() if stages else None
    if rows is None:
        stage = FlattenStage(current, needs_dx)
        stages.append(stage)
        rows = stage.target
    return rows


def _stage(place: Place) -> Stage:
    """Return the stage that starts at a place."""
    layer = place.layers[place.at]
    make = STAGES.get(type(layer))
    stage = None if make is None else make(place, layer)
    return stage or FallbackStage(
        place.number,
        place.current,
        layer,
        place.gradients,
        whole_batch=_may_look_at_the_whole_batch(layer),
        needs_dx=place.needs_dx,
    )


def _may_look_at_the_whole_batch(layer: Any) -> bool:  # noqa: ANN401
    """Say whether a batch must not be cut: where the layer says so, and where we do not know its class."""
    computes = vars(type(layer)).get("computes")  # a subclass may compute something else
    return computes is None or not computes.by_sample


def _convolution(place: Place, layer: Convolution) -> Stage | None:
    source = place.current
    if not isinstance(source, Frame):
        return None
    if is_depthwise(layer):
        relu, bound = place.is_followed_by(Relu), BoundParameters(layer, place.gradients)
        return DepthwiseStage(place.numbers(1 + relu), source, bound, relu, needs_dx=place.needs_dx)
    grid = Geometry.of(layer, source.shape, pooled=False).unpooled
    behind: tuple[type, ...] = ()
    for order in ((Relu, Pooling), (Pooling, Relu), (Pooling,), (Relu,)):
        if place.is_followed_by(*order) and (Pooling not in order or _takes_pooling(place, grid, order)):
            behind = order
            break
    geometry = Geometry.of(layer, source.shape, pooled=Pooling in behind)
    made = (place.numbers(1 + len(behind)), source)
    relu, needs_dx = Relu in behind, place.needs_dx
    if is_spread(layer):
        spread = SpreadParameters(layer, place.gradients, source.channels)
        return SpreadStage(*made, spread, geometry, relu, needs_dx)
    bound = BoundParameters(layer, place.gradients)
    return ConvolutionStage(*made, bound, geometry, relu, needs_dx)


def _averaged(place: Place) -> list[Stage]:
    """Return the stages of a convolution right in front of an average pooling; none where there is none."""
    layer = place.layers[place.at]
    if type(layer) is not Convolution or is_depthwise(layer) or is_spread(layer):
        return []
    return averaged_convolution(
        place.layers[place.at :], place.numbers(3), place.current, place.gradients, needs_dx=place.needs_dx
    )


def _takes_pooling(place: Place, grid: tuple[int, ...], order: tuple[type, ...]) -> bool:
    """Say whether the pooling behind a layer is 2x2 with a stride of 2, and finds a window in the grid."""
    layer = place.layers[place.at + 1 + order.index(Pooling)]
    window, stride = (layer.pool_h, layer.pool_w), pair(layer.stride, "Pooling", "stride", 1)
    around = borders(layer.pad, grid, window, stride)
    usual = window == stride == (2, 2) and not any(map(any, around))
    return usual and min(grid) >= 2


def _pooling(place: Place, layer: Pooling) -> Stage | None:
    if not isinstance(place.current, Frame):
        return None
    relu = place.is_followed_by(Relu)
    return PoolingStage(place.numbers(1 + relu), place.current, layer, relu, place.needs_dx)


def _average(place: Place, layer: AveragePooling | GlobalAveragePooling) -> Stage | None:
    if not isinstance(place.current, Frame):
        return None
    relu = place.is_followed_by(Relu)
    averages = Averages.of(layer, place.current)
    return AveragePoolingStage(place.numbers(1 + relu), place.current, averages, relu, place.needs_dx)


def _affine(place: Place, layer: Affine) -> Stage | None:
    if not isinstance(place.current, Matrix):
        return None
    relu = place.is_followed_by(Relu)
    bound = BoundParameters(layer, place.gradients)
    return AffineStage(place.numbers(1 + relu), place.current, bound, relu, place.needs_dx)


def _activation(place: Place, layer: Layer) -> Stage:
    return ActivationStage(place.number, place.current, layer, place.needs_dx)


def _dropout(place: Place, layer: Dropout) -> Stage | None:
    if layer.variant == "book":  # which draws from NumPy's global stream
        return None
    return DropoutStage(place.number, place.current, layer, place.needs_dx)


def _normalisation(place: Place, layer: BatchNormalization) -> Stage | None:
    source = place.current
    channels = prod(source.shape) if isinstance(source, Matrix) else source.shape[0]
    if len(layer.gamma) != channels:
        return None  # the book's, pixel by pixel
    weights = place.before if isinstance(place.before, Weights) else None
    if weights is not None and (weights.target is not source or len(weights.layers) > 1):
        weights = None  # a ReLU lies between
    bound = BoundNormalisation(layer, place.gradients)
    for order in ((Relu, Pooling), (Pooling, Relu), (Pooling,)):
        if place.is_followed_by(*order) and _pools_normalised(place, source, order, weights):
            taken, relu = place.numbers(1 + len(order)), Relu in order
            return NormalisedPoolingStage(taken, source, bound, relu, place.needs_dx, weights)
    relu = place.is_followed_by(Relu)
    return NormalisationStage(place.numbers(1 + relu), source, bound, relu, place.needs_dx, weights)


def _pools_normalised(place: Place, source: Memory, order: tuple[type, ...], weights: Weights | None) -> bool:
    """Say whether a normalisation takes the pooling behind it, and predicting the weights before it do."""
    taken_in = weights is None or isinstance(weights, ConvolutionStage)
    return taken_in and is_wide(source) and _takes_pooling(place, source.shape[1:], order)


STAGES: dict[type, Callable[[Place, Any], Stage | None]] = {
    Convolution: _convolution,
    Pooling: _pooling,
    AveragePooling: _average,
    GlobalAveragePooling: _average,
    Affine: _affine,
    **dict.fromkeys(ACTIVATIONS, _activation),
    Dropout: _dropout,
    BatchNormalization: _normalisation,
}
"""Class of a layer → what makes its stage, or None where it cannot here. Others run their NumPy code."""

_ELEMENTWISE = frozenset({*ACTIVATIONS, Dropout})
"""Classes of layers to which it is all one in which order the numbers of a sample lie."""
