"""A network in whole numbers: what a chip without floats computes, bit by bit. Must not know C.

Every value is q · scale with q from -127 to 127: weights have a scale a filter (a matrix has one),
activations with a scale a layer, that of the largest value that calibration pictures bring about. Sums are
whole numbers of 32 bits; each is brought to the next layer's scale by a multiplication with a whole number
and a division by a power of two, halves away from zero. The scores are sums as they are.

Reference: Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only
inference", 2018, whose scheme this is without its zero points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import frexp, prod
from typing import cast

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from convlens.arguments import as_annotated
from convlens.arrays import as_array
from convlens.data.preprocessing import USUAL
from convlens.errors import ShapeError, UsageError
from convlens.interop.exported import Exported, cells
from convlens.interop.folding import folded
from convlens.layers import build
from convlens.networks.outputs import outputs
from convlens.spec import Dropout, LayerShape, LeakyRelu, Missing, NetworkSpec, Role

__all__ = ["INT8", "LARGEST", "Quantized", "QuantizedLayer", "Whole", "quantize"]

LARGEST = 127
BITS = 15
"""Of the whole numbers that sums are multiplied with: products of them and sums of 32 bits fit in 64."""

Whole = NDArray[np.int64]
_CHUNK = 500


@dataclass(frozen=True)
class QuantizedLayer:
    """One layer in whole numbers.

    Attributes:
        row: the layer and its shapes.
        weights: -127 to 127, in the shape of W; empty for a layer without.
        bias: of 32 bits, in the scale of the sums.
        factors, shift: sums become values by · factor / 2^shift; one factor, or one a filter.
        table: for each value from -127 to 127 what comes out, for curves; empty for other layers.
        is_last: whether its sums are the scores.
    """

    row: LayerShape
    weights: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    bias: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    factors: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    shift: int = 0
    table: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    is_last: bool = False

    def scaled(self, sums: Whole) -> Whole:
        """Return sums (N, outputs, …) in the scale of what comes out."""
        if self.is_last:
            return sums
        factors = self.factors.reshape(-1, *[1] * (sums.ndim - 2))
        return np.clip(divided(sums * factors, self.shift), -LARGEST, LARGEST)


def divided(values: Whole, shift: int) -> Whole:
    """Return values / 2^shift, rounded, halves away from zero."""
    half = (1 << shift) >> 1
    return cast("Whole", np.sign(values) * ((np.abs(values) + half) >> shift))


def _convolution(layer: QuantizedLayer, x: Whole) -> Whole:
    spec, filters, groups = layer.row.layer, len(layer.weights), x.shape[1] // layer.weights.shape[1]
    patches = _patches(layer, x, 0)[..., :: spec.spacing[0], :: spec.spacing[1]].transpose(0, 1, 4, 5, 2, 3)
    n, height, width = len(patches), *patches.shape[4:]
    columns = patches.reshape(n, groups, -1, height * width).astype(np.float64)
    rows = layer.weights.reshape(groups, filters // groups, -1).astype(np.float64)
    sums = (rows @ columns).reshape(n, filters, height * width)  # exact below 2^53
    whole = sums.astype(np.int64) + layer.bias[:, None]
    return layer.scaled(whole.reshape(n, filters, height, width))


def _affine(layer: QuantizedLayer, x: Whole) -> Whole:
    sums = x.reshape(len(x), -1).astype(np.float64) @ layer.weights.astype(np.float64)  # exact: below 2^53
    return layer.scaled(sums.astype(np.int64) + layer.bias)


def _pooling(layer: QuantizedLayer, x: Whole) -> Whole:
    return _patches(layer, x, -LARGEST - 1).max(axis=(4, 5))


def _average_pooling(layer: QuantizedLayer, x: Whole) -> Whole:
    return layer.scaled(_patches(layer, x, 0).sum(axis=(4, 5)))


def _global_average_pooling(layer: QuantizedLayer, x: Whole) -> Whole:
    return layer.scaled(x.sum(axis=(2, 3)))


def _relu(layer: QuantizedLayer, x: Whole) -> Whole:
    del layer
    return np.maximum(x, 0)


def _leaky_relu(layer: QuantizedLayer, x: Whole) -> Whole:
    return np.where(x > 0, x, divided(x * layer.factors[0], layer.shift))


def _normalisation(layer: QuantizedLayer, x: Whole) -> Whole:
    channels = x.reshape(len(x), len(layer.weights), -1)
    sums = channels * layer.weights[:, None] + layer.bias[:, None]
    return layer.scaled(sums).reshape(x.shape)


def _added(layer: QuantizedLayer, x: Whole, y: Whole) -> Whole:
    both = x * layer.factors[0] + y * layer.factors[1]
    return both if layer.is_last else np.clip(divided(both, layer.shift), -LARGEST, LARGEST)


def _curve(layer: QuantizedLayer, x: Whole) -> Whole:
    return layer.table[x + LARGEST]


def _patches(layer: QuantizedLayer, x: Whole, border: int) -> Whole:
    """Return the windows of pictures, (N, C, oh, ow, kh, kw)."""
    spec = layer.row.layer
    padded = np.pad(x, ((0, 0), (0, 0), *spec.borders(layer.row.input_shape)), constant_values=border)
    found = sliding_window_view(padded, spec.extent or (1, 1), axis=(2, 3))
    return found[:, :, :: spec.step[0], :: spec.step[1]]


INT8: dict[str, Callable[..., Whole] | Missing] = {
    "convolution": _convolution,
    "pooling": _pooling,
    "average_pooling": _average_pooling,
    "global_average_pooling": _global_average_pooling,
    "affine": _affine,
    "relu": _relu,
    "sigmoid": _curve,
    "tanh": _curve,
    "leaky_relu": _leaky_relu,
    "batch_normalization": _normalisation,
    "gelu": _curve,
    "dropout": lambda _, x: x,
    "residual": _added,
}
"""Kind of a layer → what computes it in whole numbers."""

_BOUNDED = frozenset({"sigmoid", "tanh"})
"""Layers whose outputs lie from -1 to 1, whatever goes in."""

_CURVES = _BOUNDED | {"gelu"}
"""Layers that are looked up in a table: each number by itself, and not in proportion."""

_AVERAGED = frozenset({"average_pooling", "global_average_pooling"})
"""Layers whose outputs are means."""


@dataclass(frozen=True)
class Quantized:
    """A network in whole numbers; `quantize` makes one.

    Attributes:
        exported: the network that it was made from.
        layers: in order.
        score_scale: a score as it was in floats is its sum times this.
    """

    exported: Exported
    layers: tuple[QuantizedLayer, ...]
    score_scale: float

    @as_annotated
    def predict(self, pictures: NDArray[np.uint8]) -> NDArray[np.int32]:
        """Return the scores (N, classes), whole numbers, for pictures of bytes (N, C, H, W)."""
        pictures = _bytes("Quantized", pictures, self.exported.spec)
        found = [self._chunk(pictures[i : i + _CHUNK]) for i in range(0, len(pictures), _CHUNK)]
        shape = (0, self.exported.spec.n_classes)
        scores = np.concatenate(found or [np.zeros(shape, np.int64)]).astype(np.int32)
        return scores.reshape(-1, shape[1])

    def _chunk(self, pictures: NDArray[np.uint8]) -> Whole:
        made = [pictures.astype(np.int64) >> 1]  # 0 to 127; what layer k gives is at k + 1
        for layer in self.layers:
            made.append(_run(layer)(layer, *(made[number + 1] for number in layer.row.reads)))
        return made[-1]


def _bytes(owner: str, pictures: object, spec: NetworkSpec) -> NDArray[np.uint8]:
    """Return pictures as a network takes them, in bytes."""
    found = as_array(f"`pictures` of {owner}", pictures)
    if (
        found.dtype != np.uint8
        or found.ndim != 1 + len(spec.input_shape)
        or found.shape[1:] != spec.input_shape
    ):
        size = ", ".join(map(str, spec.input_shape))
        raise ShapeError(f"`pictures` of {owner} must be uint8 (N, {size}). Got {found.dtype} {found.shape}.")
    return found


def _run(layer: QuantizedLayer) -> Callable[..., Whole]:
    return cast("Callable[..., Whole]", INT8[layer.row.layer.kind])


@as_annotated
def quantize(exported: Exported, pictures: NDArray[np.uint8]) -> Quantized:
    """Bring a network to whole numbers.

    Args:
        exported: the network; `Exported.of(network)` makes one.
        pictures: of bytes (N, C, H, W), such as it will see; they show how large activations become. Not test
            images: the accuracy on those shall stay an honest one.

    Raises:
        UsageError: a layer has no whole numbers, a sum may need more than 32 bits, or pictures do not fit.
    """
    exported = folded(exported)
    cells(INT8, exported.spec, "int8")
    pictures = _bytes("quantize", pictures, exported.spec)
    if not len(pictures):
        raise UsageError("`pictures` of quantize must be one or more. They show how large activations get.")
    largest = _largest_values(exported, pictures)
    layers, scales = [], [2 / USUAL.divide]  # a picture's byte / 2; that of what layer k gives is at k + 1
    for row, most in zip(exported.spec.table, largest, strict=True):
        given, is_last = [scales[number + 1] for number in row.reads], row is exported.spec.table[-1]
        made = (
            _sum(row, given, most, is_last) if row.inside else _layer(exported, row, given[0], most, is_last)
        )
        layers.append(made[0])
        scales.append(made[1])
    return Quantized(exported, tuple(layers), scales[-1])


def _largest_values(exported: Exported, pictures: NDArray[np.uint8]) -> list[float]:
    """Return the largest size of what comes out of each layer."""
    built = {row.name: build(row.layer, **exported.own(row)) for row in exported.spec.table if not row.inside}
    made = outputs(exported.spec, built, USUAL.apply(pictures, "float32"))
    return [float(np.abs(x).max()) for x in made.values()]


def _sum(
    row: LayerShape, scales: Sequence[float], most: float, is_last: bool
) -> tuple[QuantizedLayer, float]:
    """Return a sum in whole numbers, and its scale; each way is brought to it by a factor of its own.

    The last layer's sums stay as fine as the factors make them.
    """
    after = max(most, 1e-12) / LARGEST
    factors, shift = _factors(np.array(scales) / after)
    layer = QuantizedLayer(row, factors=factors, shift=shift, is_last=is_last)
    return layer, after / 2.0**shift if is_last else after


def _layer(
    exported: Exported, row: LayerShape, scale: float, most: float, is_last: bool
) -> tuple[QuantizedLayer, float]:
    """Return a layer in whole numbers, and the scale of what comes out; `scale` is that of what goes in."""
    if row.layer.kind == "batch_normalization":
        return _normalised(exported, row, scale, most, is_last)
    if row.parameters:
        return _weighted(exported, row, scale, most, is_last)
    if row.layer.kind in _CURVES:
        values = np.arange(-LARGEST, LARGEST + 1, dtype=np.float64)[None] * scale
        after = (1 if row.layer.kind in _BOUNDED else max(most, 1e-12)) / LARGEST
        table = np.rint(build(row.layer).forward(values)[0] / after).astype(np.int64)
        return QuantizedLayer(row, table=np.clip(table, -LARGEST, LARGEST), is_last=is_last), after
    if isinstance(row.layer, LeakyRelu):
        factor, shift = _factors(np.array([row.layer.slope]))
        return QuantizedLayer(row, factors=factor, shift=shift, is_last=is_last), scale
    if row.layer.kind in _AVERAGED:
        return _averaged(row, scale, most, is_last)
    after = scale * (row.layer.factor if isinstance(row.layer, Dropout) else 1)
    return QuantizedLayer(row, is_last=is_last), after


def _averaged(row: LayerShape, scale: float, most: float, is_last: bool) -> tuple[QuantizedLayer, float]:
    """Return the same for a layer of means: sums of windows, divided where they are brought to a scale."""
    single = scale / prod(row.layer.extent or row.input_shape[1:])
    return _brought(QuantizedLayer(row, is_last=is_last), np.array([single]), most)


def _brought(layer: QuantizedLayer, scales: NDArray[np.float64], most: float) -> tuple[QuantizedLayer, float]:
    """Return a layer whose sums of these scales become values up to `most`, and the scale of those.

    The last layer's sums stay as they are.
    """
    if layer.is_last:
        return layer, float(scales[0])
    after = max(most, 1e-12) / LARGEST
    factors, shift = _factors(scales / after)
    return replace(layer, factors=factors, shift=shift), after


def _weighted(
    exported: Exported, row: LayerShape, scale: float, most: float, is_last: bool
) -> tuple[QuantizedLayer, float]:
    """Return the same for a layer with weights: filters have a scale each, a matrix has one."""
    own = exported.own(row)
    w = own["W"].astype(np.float64)
    by_filter = row.parameters[0].role is Role.FILTERS and not is_last
    sizes = (
        np.abs(w.reshape(len(w), -1)).max(axis=1) if by_filter else np.abs(w).max(keepdims=True).reshape(1)
    )
    scales = np.where(sizes > 0, sizes, 1) / LARGEST
    weights = np.rint(w / scales.reshape(-1, *[1] * (w.ndim - 1))).astype(np.int64)
    bias = np.rint(own["b"] / (scale * scales)).astype(np.int64)
    most_summed = LARGEST**2 * prod(w.shape[1:] if row.parameters[0].role is Role.FILTERS else w.shape[:1])
    if most_summed + int(np.abs(bias).max(initial=0)) >= 1 << 31:
        raise UsageError(f"int8 does not take {row.name}: its sums may need more than 32 bits.")
    return _brought(QuantizedLayer(row, weights, bias, is_last=is_last), scale * scales, most)


def _normalised(
    exported: Exported, row: LayerShape, scale: float, most: float, is_last: bool
) -> tuple[QuantizedLayer, float]:
    """Return the same for scale and shift of a normalisation that is not right behind weights."""
    own = exported.own(row)
    gamma, beta = (own[key].astype(np.float64) for key in ("gamma", "beta"))
    # As fine as 7 bits of gamma and 30 of beta allow, channel by channel.
    scales = np.maximum(np.abs(gamma) / LARGEST, np.abs(beta) / scale / (1 << 30))
    scales = np.where(scales > 0, scales, 1)
    if is_last:
        scales[:] = scales.max()
    weights, bias = (np.rint(value).astype(np.int64) for value in (gamma / scales, beta / (scale * scales)))
    return _brought(QuantizedLayer(row, weights, bias, is_last=is_last), scale * scales, most)


def _factors(wanted: NDArray[np.float64]) -> tuple[Whole, int]:
    """Return whole numbers of at most 15 bits and a shift with wanted = number / 2^shift, nearly."""
    exponent = frexp(float(wanted.max()))[1]
    shift = min(max(BITS - exponent, 0), 46)
    return np.rint(wanted * 2.0**shift).astype(np.int64), shift
