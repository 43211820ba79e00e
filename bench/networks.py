"""The networks that are measured, as specs of convlens and as PyTorch modules of the same shapes."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from convlens import spec

DEEP = ((16, 1, False), (16, 1, True), (32, 1, False), (32, 2, True), (64, 1, False), (64, 1, True))


def deep() -> spec.NetworkSpec:
    """Six 3x3 convolutions, every second one pooled: the book's DeepConvNet without dropout."""
    layers: list[spec.LayerSpec] = []
    for filters, pad, pooled in DEEP:
        layers += [spec.Convolution(filters, 3, pad=pad), spec.Relu()] + ([spec.Pooling(2)] if pooled else [])
    layers += [spec.Affine(50), spec.Relu(), spec.Affine(10)]
    return spec.NetworkSpec("deep", (1, 28, 28), tuple(layers), weight_init_std="he")


def speedrun() -> spec.NetworkSpec:
    """The network that reaches 99 % of MNIST's test set in one epoch."""
    layers = (
        spec.Convolution(24, 5), spec.Pooling(2), spec.Relu(),
        spec.Convolution(32, 3), spec.Pooling(2), spec.Relu(),
        spec.Affine(256), spec.Relu(), spec.Affine(10),
    )  # fmt: skip
    return spec.NetworkSpec("speedrun", (1, 28, 28), layers, weight_init_std="xavier")


def separable(first: int = 16) -> spec.NetworkSpec:
    """Depthwise 3x3 convolutions, each with one of 1x1 behind it, as MobileNet's; sides 28, 14 and 7."""
    layers: list[spec.LayerSpec] = [spec.Convolution(first, 3, pad=1), spec.Relu()]
    channels = first
    for wider, stride in ((2, 2), (2, 1), (4, 2), (4, 1)):
        layers += [spec.Convolution(channels, 3, stride, 1, groups=channels), spec.Relu()]
        channels = wider * first
        layers += [spec.Convolution(channels, 1), spec.Relu()]
    return spec.NetworkSpec("separable", (1, 28, 28), (*layers, spec.Affine(10)), weight_init_std="he")


def normed() -> spec.NetworkSpec:
    """Six 3x3 convolutions, each normalised, every second one pooled: `deep` as one would write it today."""
    layers: list[spec.LayerSpec] = []
    for filters, pad, pooled in DEEP:
        layers += [spec.Convolution(filters, 3, pad=pad), spec.BatchNormalization(), spec.Relu()]
        layers += [spec.Pooling(2)] * pooled
    return spec.NetworkSpec("normed", (1, 28, 28), (*layers, spec.Affine(10)), weight_init_std="he")


def multilayer() -> spec.NetworkSpec:
    """The book's MultiLayerNetExtend of six layers of 100 with batch normalisation."""
    hidden = (spec.Affine(100), spec.BatchNormalization(), spec.Relu())
    return spec.NetworkSpec("multilayer", (1, 28, 28), (*hidden * 6, spec.Affine(10)), weight_init_std="he")


def averaged(between: bool = False) -> spec.NetworkSpec:
    """Two convolutions with average pooling right behind them, or with ReLU between; global averages at last.

    Args:
        between: whether ReLU stands in front of the pooling, not behind it.
    """
    behind = (spec.Relu(), spec.AveragePooling(2)) if between else (spec.AveragePooling(2), spec.Relu())
    layers = (
        spec.Convolution(32, 5, pad="same"), *behind, spec.Convolution(64, 3, pad="same"), *behind,
        spec.Convolution(10, 3), spec.GlobalAveragePooling(),
    )  # fmt: skip
    return spec.NetworkSpec("averaged", (1, 28, 28), layers, weight_init_std="he")


SPECS = {
    "simple": spec.simple,
    "lenet": spec.lenet,
    "deep": deep,
    "speedrun": speedrun,
    "separable": separable,
    "normed": normed,
    "multilayer": multilayer,
    "separable_wide": partial(separable, 32),
    "averaged": averaged,
    "relu_averaged": partial(averaged, between=True),
    "book_deep": spec.NETWORKS["deep"],
    "tiny": spec.NETWORKS["tiny"],
    "resnet": spec.NETWORKS["resnet"],
    "resnet32": partial(spec.NETWORKS["resnet"], (3, 32, 32)),
}


def torch_network(name: str) -> Any:
    """Return the PyTorch module of a spec."""
    import torch

    described = SPECS[name]()
    network = torch_modules(described.layers)
    with torch.no_grad():
        network(torch.zeros(2, *described.input_shape))  # each lazy module takes the width that it is given
    return network


def torch_modules(layers: tuple[spec.LayerSpec, ...]) -> Any:
    """Return layers as PyTorch's, one behind the other."""
    from torch import nn

    class Sum(nn.Module):
        """Both ways of a residual addition."""

        def __init__(self, main: Any, short: Any) -> None:
            super().__init__()
            self.main, self.short = main, short

        def forward(self, x: Any) -> Any:
            return self.main(x) + self.short(x)

    modules: list[Any] = []
    for layer in layers:
        if isinstance(layer, spec.Residual):
            modules.append(Sum(torch_modules(layer.layers), torch_modules(layer.shortcut)))
        elif isinstance(layer, spec.Affine):
            flat = [] if any(isinstance(one, nn.Flatten) for one in modules) else [nn.Flatten()]
            modules += [*flat, nn.LazyLinear(layer.units)]
        else:
            modules += torch_module(layer, any(isinstance(one, nn.Flatten) for one in modules))
    return nn.Sequential(*modules)


def torch_module(layer: spec.LayerSpec, is_flat: bool) -> list[Any]:
    """Return PyTorch's modules of a layer without layers in it."""
    from torch import nn

    if isinstance(layer, spec.Convolution):
        where = {"stride": layer.stride, "padding": layer.pad, "dilation": layer.dilation}
        return [nn.LazyConv2d(layer.filters, layer.kernel_size, groups=layer.groups, **where)]
    if isinstance(layer, spec.BatchNormalization):
        made = nn.LazyBatchNorm1d if is_flat else nn.LazyBatchNorm2d
        return [made(layer.eps, layer.momentum)]
    if isinstance(layer, spec.GlobalAveragePooling):
        return [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    if isinstance(layer, spec.AveragePooling):
        return [nn.AvgPool2d(layer.window, layer.stride)]
    if isinstance(layer, spec.Pooling):
        return [nn.MaxPool2d(layer.window, layer.stride)]
    return [nn.Dropout(layer.ratio)] if isinstance(layer, spec.Dropout) else [nn.ReLU()]


def multiply_adds(name: str) -> int:
    """Return the dense multiply-adds of one sample's training step; the first layer has no dx."""
    rows = [row for row in SPECS[name]().table if row.parameters]
    return sum(row.multiply_adds * (3 if i else 2) for i, row in enumerate(rows))


def onnx_network(name: str) -> bytes:
    """Return the ONNX model of a spec, with its first weights: what `convlens export` writes."""
    from convlens.interop import Exported, export_onnx
    from convlens.networks import Network

    with TemporaryDirectory() as folder:
        return export_onnx(Exported.of(Network(SPECS[name]())), Path(folder) / "network.onnx").read_bytes()
