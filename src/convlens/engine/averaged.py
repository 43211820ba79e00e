"""A convolution right in front of an average pooling: what is averaged is its input. Must not know the plan.

Both are sums, so their order does not matter:

mean over a window of Σ_u W[u] · x[i + u]  =  Σ_u W[u] · (mean over the window of x[i + u])

The means of the input are taken with a stride of 1, each map by itself; the convolution then has the stride
of the pooling, and makes those outputs only that are left: a quarter of them for windows of 2 x 2, one for a
global average pooling. An activation between the two is no sum: it stays between them.
"""

from collections.abc import Sequence
from typing import Any, cast

from convlens.engine.average_pooling import AveragePoolingStage, Averages
from convlens.engine.convolution import ConvolutionStage, Geometry
from convlens.engine.memory import Frame, Memory
from convlens.engine.parameters import BoundParameters
from convlens.engine.stage import Stage
from convlens.kernels.sizes import PoolingWindow
from convlens.layers import Relu
from convlens.layers.average_pooling import AveragePooling
from convlens.layers.global_average_pooling import GlobalAveragePooling
from convlens.spec.padding import borders

__all__ = ["averaged_convolution"]


def averaged_convolution(
    layers: Sequence[Any],
    numbers: tuple[int, ...],
    source: Memory,
    gradients: dict[str, Any] | None,
    needs_dx: bool,
) -> list[Stage]:
    """Return the stages of a convolution and the average pooling behind it; none where that does not pay.

    Args:
        layers: the convolution, which the kernels take, and those behind it.
        numbers: what they are known as.
        source: what it reads.
        gradients: arrays for its derivatives, or None for new ones.
        needs_dx: whether a layer before it has parameters.
    """
    layer, behind = layers[0], layers[1:]
    if not behind or not isinstance(source, Frame):
        return []
    plain = Geometry.of(layer, source.shape, pooled=False)
    window, stride = _averages(behind[0], plain)
    if (
        plain.stride != (1, 1)
        or stride is None
        or any(w > n for w, n in zip(window, plain.unpooled, strict=True))
    ):
        return []
    rows, columns = (n - w + k for n, w, k in zip(plain.unpooled, window, plain.kernel, strict=True))
    means = Averages("means for the convolution", PoolingWindow(*window, 1, 1, *plain.pad), (rows, columns))
    first = AveragePoolingStage((), source, means, relu=False, needs_dx=needs_dx)
    geometry = Geometry(plain.C, rows, columns, plain.F, plain.kernel, stride, (0, 0), pooled=False)
    relu = len(behind) > 1 and type(behind[1]) is Relu
    bound = BoundParameters(layer, gradients)
    means_of = cast("Frame", first.target)
    second = ConvolutionStage(numbers[: 2 + relu], means_of, bound, geometry, relu=relu, needs_dx=needs_dx)
    if type(behind[0]) is GlobalAveragePooling:
        second.flatten()
    return [first, second]


def _averages(layer: Any, plain: Geometry) -> tuple[tuple[int, int], tuple[int, int] | None]:  # noqa: ANN401
    """Return window and stride of what averages a convolution's outputs; no stride: it cannot go first."""
    if type(layer) is GlobalAveragePooling:
        return plain.unpooled, (1, 1)
    if type(layer) is not AveragePooling or layer.stride == (1, 1):
        return (1, 1), None
    around = borders(layer.pad, plain.unpooled, layer.window, layer.stride)
    return layer.window, None if any(map(any, around)) else layer.stride
