"""The one table of layer cases. Whatever computes layers runs over it: the NumPy layers, and any engine.

A case says what the layer is and what goes in; `inputs`, `small_integers` and `parameters` make the
arrays. A new layer adds its row here and is then held to the whole battery.
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from convlens import spec
from convlens.layers import Layer, build
from convlens.spec import (
    Affine,
    AveragePooling,
    BatchNormalization,
    Convolution,
    Dropout,
    Gelu,
    GlobalAveragePooling,
    LayerSpec,
    LeakyRelu,
    Pooling,
    Relu,
    Residual,
    Shape,
    Sigmoid,
    Tanh,
)

N_SAMPLES = 3


@dataclass(frozen=True)
class LayerCase:
    """One layer and the shape of what goes in (no batch axis).

    `whole`: whether it keeps whole numbers whole; `has_limit`: whether infinite inputs give what ever larger
    ones tend to (a difference of two of them has none).
    """

    name: str
    layer: LayerSpec
    input_shape: Shape
    whole: bool = True
    has_limit: bool = True

    @property
    def output_shape(self) -> Shape:
        return self.layer.output_shape(self.input_shape)

    @property
    def parameter_shapes(self) -> dict[str, Shape]:
        return {one.key: one.shape for one in self.layer.parameters(self.input_shape)}


def _conv(name: str, filters: int, kernel, input_shape: Shape, stride=1, pad=0, **more) -> LayerCase:
    return LayerCase(f"conv {name}", Convolution(filters, kernel, stride, pad, **more), input_shape)


def _residual(name: str, input_shape: Shape, layers, shortcut=(), *, whole=True) -> LayerCase:
    return LayerCase(f"residual {name}", Residual(layers, shortcut), input_shape, whole, has_limit=False)


def _pool(name: str, window, input_shape: Shape, stride=None, pad=0) -> LayerCase:
    return LayerCase(f"pool {name}", Pooling(window, stride, pad), input_shape)


def _average(name: str, window, input_shape: Shape, stride=None, pad=0, whole: bool = False) -> LayerCase:
    return LayerCase(f"average {name}", AveragePooling(window, stride, pad), input_shape, whole)


LAYER_CASES = (
    _conv("3x3", 2, 3, (1, 6, 6)),
    _conv("book 5x5", 3, 5, (1, 9, 9)),
    _conv("same 5x5 pad 2", 3, 5, (2, 7, 7), pad=2),
    _conv("many channels", 7, 3, (5, 5, 6)),
    _conv("one filter", 1, 3, (4, 6, 5)),
    _conv("even 2x2", 3, 2, (2, 5, 5)),
    _conv("even 4x4 stride 2", 2, 4, (2, 9, 8), stride=2),
    _conv("tall 3x1", 3, (3, 1), (2, 6, 4)),
    _conv("wide 2x5", 3, (2, 5), (2, 5, 9), pad=(0, 2)),
    _conv("1x1", 4, 1, (3, 4, 5)),
    _conv("1x1 stride 2", 4, 1, (3, 5, 5), stride=2),
    _conv("kernel = input", 5, (4, 6), (2, 4, 6)),
    _conv("kernel = padded input", 2, 5, (2, 3, 3), pad=1),
    _conv("stride 2 with a rest", 2, 3, (2, 8, 8), stride=2),
    _conv("stride 3 pad 1", 2, 3, (1, 8, 10), stride=3, pad=1),
    _conv("strides 2x1 pads 1x2", 3, (3, 4), (2, 7, 6), stride=(2, 1), pad=(1, 2)),
    _conv("stride above kernel", 2, 2, (2, 8, 8), stride=3),
    _conv("pad above kernel", 2, 2, (1, 3, 3), pad=3),
    _conv("depthwise 3x3", 5, 3, (5, 5, 6), pad=1, groups=5),
    _conv("depthwise 5x5 stride 2", 9, 5, (9, 7, 5), stride=2, pad=2, groups=9),
    _conv("depthwise dilated", 3, (3, 2), (3, 7, 6), pad=(2, 0), groups=3, dilation=2),
    _conv("two filters a channel", 6, 3, (3, 5, 5), pad=1, groups=3),
    _conv("two groups", 6, 3, (4, 5, 5), stride=2, pad=1, groups=2),
    _conv("dilations 1x3 strides 2x1", 2, (2, 3), (2, 6, 9), stride=(2, 1), dilation=(1, 3)),
    _conv("3x3 same", 2, 3, (2, 5, 6), pad="same"),
    _conv("even 4x2 same", 3, (4, 2), (2, 6, 5), pad="same"),
    _conv("3x3 same stride 2", 3, 3, (2, 6, 7), stride=2, pad="same"),
    _conv("5x5 same stride 3 on a small picture", 2, 5, (1, 3, 4), stride=3, pad="same"),
    _conv("same depthwise dilated", 4, (3, 2), (4, 7, 6), stride=2, pad="same", groups=4, dilation=2),
    _pool("2x2", 2, (3, 6, 6)),
    _pool("2x2 odd size", 2, (2, 5, 7)),
    _pool("3x3 stride 2 overlapping", 3, (2, 7, 7), stride=2),
    _pool("3x3 stride 2 with a rest", 3, (2, 8, 6), stride=2),
    _pool("2x3", (2, 3), (2, 6, 9)),
    _pool("2x3 stride 1", (2, 3), (2, 4, 6), stride=1),
    _pool("2x2 stride 1", 2, (2, 4, 5), stride=1),
    _pool("3x3 pad 1", 3, (2, 5, 5), stride=2, pad=1),
    _pool("2x2 pad 1", 2, (2, 4, 5), pad=1),
    _pool("stride above window", 2, (2, 8, 8), stride=3),
    _pool("window = input", (4, 5), (3, 4, 5)),
    _pool("1x1", 1, (2, 3, 4)),
    _pool("3x3 same stride 2", 3, (2, 6, 5), stride=2, pad="same"),
    _pool("2x2 same", 2, (2, 5, 3), pad="same"),
    _average("2x2", 2, (3, 6, 6)),
    _average("2x2 odd size", 2, (2, 5, 7)),
    _average("3x3 stride 2 overlapping", 3, (2, 8, 7), stride=2),
    _average("2x3 stride 1 pad 1x1", (2, 3), (2, 4, 6), stride=1, pad=1),
    _average("3x3 same stride 2", 3, (2, 6, 5), stride=2, pad="same"),
    _average("stride above window", 2, (2, 8, 8), stride=3),
    _average("window = input", (4, 5), (3, 4, 5)),
    _average("1x1", 1, (2, 3, 4), whole=True),
    LayerCase("global average", GlobalAveragePooling(), (3, 4, 5), whole=False),
    LayerCase("global average of one number", GlobalAveragePooling(), (5, 1, 1)),
    LayerCase("relu on pictures", Relu(), (3, 4, 5)),
    LayerCase("relu on rows", Relu(), (17,)),
    LayerCase("sigmoid on pictures", Sigmoid(), (2, 4, 5), whole=False),
    LayerCase("sigmoid on rows", Sigmoid(), (13,), whole=False),
    LayerCase("tanh on pictures", Tanh(), (2, 4, 5), whole=False),
    LayerCase("tanh on rows", Tanh(), (13,), whole=False),
    LayerCase("leaky relu on pictures", LeakyRelu(0.5), (3, 4, 5), whole=False),
    LayerCase("leaky relu on rows", LeakyRelu(), (17,), whole=False),
    LayerCase("batch normalisation on pictures", BatchNormalization(1e-3, 0.2), (3, 4, 5), whole=False),
    LayerCase("batch normalisation on rows", BatchNormalization(), (11,), whole=False),
    LayerCase("batch normalisation of one channel", BatchNormalization(), (1, 3, 2), whole=False),
    LayerCase("batch normalisation of the book", BatchNormalization(variant="book"), (2, 3, 4), whole=False),
    LayerCase("gelu on pictures", Gelu(), (2, 4, 5), whole=False),
    LayerCase("gelu on rows", Gelu(), (13,), whole=False),
    LayerCase("dropout on pictures", Dropout(0.25), (3, 4, 5)),
    LayerCase("dropout of the book", Dropout(0.25, variant="book"), (2, 3, 4), whole=False),
    LayerCase("dropout on rows", Dropout(), (17,)),
    LayerCase("affine on pictures", Affine(6), (3, 4, 5)),
    LayerCase("affine on rows", Affine(5), (11,)),
    LayerCase("affine one unit", Affine(1), (7,)),
    _residual("on pictures", (2, 5, 5), [Convolution(3, 3, pad=1), Relu(), Convolution(2, 3, pad=1)]),
    _residual("on rows", (6,), [Affine(4), Tanh(), Affine(6)], [Affine(6)], whole=False),
    _residual("with a shortcut", (2, 6, 5), [Convolution(3, 3, 2, 1), Relu()], [Convolution(3, 1, 2)]),
    _residual("in a residual", (2, 4, 4), [Convolution(2, 3, pad=1), Residual([Relu()]), Pooling(3, 1, 1)]),
    _residual("of rows of pictures", (2, 3, 4), [Pooling(2, 1), Affine(5)], [Affine(5)]),
    _residual(
        "normalised",
        (2, 4, 5),
        [Convolution(3, 3, pad=1), BatchNormalization(), Relu(), Dropout(0.25)],
        [Convolution(3, 1), BatchNormalization()],
        whole=False,
    ),
    _residual("a shortcut of two", (2, 6, 6), [Convolution(3, 3)], [Pooling(3, 1), Convolution(3, 1)]),
)


def case_id(case: LayerCase) -> str:
    """How pytest calls a case."""
    return case.name


def inputs(case: LayerCase, dtype: str = "float64", n_samples: int = N_SAMPLES, seed: int = 0) -> np.ndarray:
    """Distinct values in random order, 0.01 apart and 0.005 from 0: no kink of max or ReLU is near."""
    return distinct((n_samples, *case.input_shape), seed).astype(dtype)


def distinct(shape: Shape, seed: int = 0) -> np.ndarray:
    """Float64 values …, -0.015, -0.005, 0.005, 0.015, … in random order."""
    size = prod(shape)
    order = np.random.default_rng(seed).permutation(size)
    return ((order - size // 2 + 0.5) * 0.01).reshape(shape)


def small_integers(shape: Shape, dtype: str = "float64", seed: int = 0) -> np.ndarray:
    """Whole numbers -4 to 4: every sum of their products is exact in float32, and ties abound."""
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(dtype)


def parameters(case: LayerCase, dtype: str = "float64", seed: int = 1) -> dict[str, np.ndarray]:
    """Random parameters by name; no bias is zero, and no variance below 0."""
    rng = np.random.default_rng(seed)
    drawn = {name: rng.normal(0, 0.5, shape).astype(dtype) for name, shape in case.parameter_shapes.items()}
    return {name: np.abs(value) if "_var" in name else value for name, value in drawn.items()}


def output_gradient(case: LayerCase, dtype: str = "float64", n_samples: int = N_SAMPLES) -> np.ndarray:
    """The loss's derivative by the output: all different, none zero, and no sum of them zero by symmetry."""
    return (distinct((n_samples, *case.output_shape), seed=2) * 10 + 0.3).astype(dtype)


def built(case: LayerCase, dtype: str = "float64") -> Layer:
    """The NumPy layer of a case, with parameters of its own."""
    return build(case.layer, **parameters(case, dtype))


def network_of(case: LayerCase) -> spec.NetworkSpec:
    """The smallest network that holds a case's layer, for cases on pictures."""
    layers = (case.layer,) if isinstance(case.layer, Affine) else (case.layer, Affine(2))
    shape = case.input_shape if len(case.input_shape) == 3 else (1, 1, *case.input_shape)
    return spec.NetworkSpec(case.name, shape, layers)


def central_difference(f, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """The derivative of the number f() by every element of `x`, which moves and is put back."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        before = x[index]
        x[index] = before + h
        above = f()
        x[index] = before - h
        below = f()
        x[index] = before
        gradient[index] = (above - below) / (2 * h)
    return gradient
