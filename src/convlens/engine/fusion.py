"""Which layers run as one: from a list of layers to a list of stages. Must not know kernels."""

from collections.abc import Sequence
from typing import Any

from convlens.engine.affine import AffineStage
from convlens.engine.checks import require_fit
from convlens.engine.convolution import ConvolutionStage
from convlens.engine.fallback import FallbackStage
from convlens.engine.flatten import FlattenStage
from convlens.engine.geometry import Geometry, pair
from convlens.engine.memory import Frame, Matrix, Memory
from convlens.engine.parameters import Bound
from convlens.engine.pooling import PoolingStage
from convlens.engine.stage import Stage
from convlens.engine.tiles import AffineTile
from convlens.layers import Affine, Convolution, Pooling, Relu

__all__ = ["fuse"]

Gradients = Sequence[dict[str, Any] | None]


def fuse(layers: Sequence[Any], shape: tuple[int, ...], gradients: Gradients) -> tuple[Memory, list[Stage]]:
    """Return the input's memory and the stages that run these layers.

    A convolution takes the ReLU and the 2x2 max-pooling behind it, in any order (the maximum of ReLUs is the
    ReLU of the maximum); an affine layer and any other pooling take the ReLU behind them. Only exact classes
    are taken: a subclass may compute something else, and runs as it is written.
    """
    flat = (layers and type(layers[0]) is Affine) or len(shape) != 3
    start: Memory = Matrix(shape, AffineTile.panel()) if flat else Frame(shape)
    current = start
    stages: list[Stage] = []
    i = 0
    while i < len(layers):
        kinds = [type(layer) for layer in layers[i : i + 3]]
        if kinds[0] is Affine and isinstance(current, Frame):
            if stages and isinstance(stages[-1], ConvolutionStage):
                current = stages[-1].flatten()
            else:
                stages.append(FlattenStage(current))
                current = stages[-1].target
        stage = _stage(layers, i, kinds, current, gradients[i])
        stages.append(stage)
        current, i = stage.target, i + len(stage.layers)
    trained = False
    for stage in stages:
        stage.needs_dx = trained
        trained = trained or any(getattr(layers[k], "params", None) for k in stage.layers)
        if isinstance(stage, ConvolutionStage):
            stage.choose()
    return start, stages


def _stage(
    layers: Sequence[Any], i: int, kinds: list[type], current: Memory, gradients: dict[str, Any] | None
) -> Stage:
    """Return the stage that starts with layer i."""
    layer = layers[i]
    require_fit(layer, current.shape)
    relu = kinds[1:2] == [Relu]
    if kinds[0] is Convolution and isinstance(current, Frame):
        return _convolution(layers, i, kinds, current, Bound(layer, gradients))
    if kinds[0] is Pooling and isinstance(current, Frame):
        return PoolingStage((i, i + 1) if relu else (i,), current, layer, relu)
    if kinds[0] is Affine and isinstance(current, Matrix):
        return AffineStage((i, i + 1) if relu else (i,), current, Bound(layer, gradients), relu)
    return FallbackStage(i, current, layer, gradients)


def _convolution(layers: Sequence[Any], i: int, kinds: list[type], current: Frame, bound: Bound) -> Stage:
    plain = Geometry.of(layers[i], current.shape, pooled=False)
    pools = min(plain.positions) >= 2
    orders: list[list[type]] = [[Relu, Pooling], [Pooling, Relu], [Pooling], [Relu]]
    for order in orders:
        if kinds[1 : 1 + len(order)] != order:
            continue
        if Pooling in order and not (pools and _is_2x2(layers[i + 1 + order.index(Pooling)])):
            continue
        geometry = Geometry.of(layers[i], current.shape, pooled=Pooling in order)
        numbers = tuple(range(i, i + 1 + len(order)))
        return ConvolutionStage(numbers, current, bound, geometry, relu=Relu in order)
    return ConvolutionStage((i,), current, bound, plain, relu=False)


def _is_2x2(layer: Any) -> bool:  # noqa: ANN401
    """Say whether a pooling layer is the one that a convolution can take."""
    return (
        (layer.pool_h, layer.pool_w) == (2, 2) and pair(layer.stride) == (2, 2) and pair(layer.pad) == (0, 0)
    )
