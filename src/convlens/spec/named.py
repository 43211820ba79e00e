"""The networks that have a name. A new one is one function here and one line in `NETWORKS`."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from convlens.arguments import as_annotated, listed
from convlens.errors import SpecError, did_you_mean, shown
from convlens.spec.layers import (
    Affine,
    BatchNormalization,
    Convolution,
    Dropout,
    GlobalAveragePooling,
    LayerSpec,
    Pooling,
    Relu,
    Residual,
)
from convlens.spec.network import NetworkSpec

__all__ = ["NETWORKS", "deep", "lenet", "named_network", "resnet", "simple", "speedrun", "swift", "tiny"]


def simple(
    input_dim: Sequence[int] = (1, 28, 28),
    conv_param: Mapping[str, int] | None = None,
    hidden_size: int = 100,
    output_size: int = 10,
    *,
    weight_init_std: float | str = 0.01,
    dtype: str = "float32",
    protocol: str = "standard",
) -> NetworkSpec:
    """Return the book's SimpleConvNet: convolution - ReLU - pooling - affine - ReLU - affine.

    Args:
        input_dim: (channels, height, width).
        conv_param: `filter_num`, `filter_size`, `pad`, `stride`; what is left out is 30, 5, 0, 1.
        hidden_size: units of the hidden affine layer.
        output_size: classes.
        weight_init_std: as in NetworkSpec, like the last two.
        dtype: "float32" or "float64".
        protocol: "standard" or "book".

    Reference: Saito, "Deep Learning from Scratch", section 7.5.
    """
    layers: tuple[LayerSpec, ...] = (
        _first_layer(conv_param),
        Relu(),
        Pooling(2),
        Affine(hidden_size),
        Relu(),
        Affine(output_size),
    )
    return NetworkSpec("SimpleConvNet", _picture(input_dim), layers, weight_init_std, dtype, protocol)


def lenet(
    input_dim: Sequence[int] = (1, 28, 28),
    hidden_size: Sequence[int] = (120, 84),
    output_size: int = 10,
    *,
    weight_init_std: float | str = 0.01,
    dtype: str = "float32",
    protocol: str = "standard",
) -> NetworkSpec:
    """Return LeNet as the report writes it: two convolutions with pooling, then three affine layers.

    The layers carry the paper's names (C1, S2, C3, S4); max-pooling, ReLU and full connections between
    S2 and C3 stand in for the paper's subsampling, tanh and sparse connections.

    Args:
        input_dim: (channels, height, width).
        hidden_size: units of the two hidden affine layers.
        output_size: classes.
        weight_init_std: as in NetworkSpec, like the last two.
        dtype: "float32" or "float64".
        protocol: "standard" or "book".

    Reference: LeCun et al., "Gradient-based learning applied to document recognition", 1998, figure 2.
    """
    hidden = _several("`hidden_size` of LeNet", "two ints", hidden_size, 2)
    layers: tuple[LayerSpec, ...] = (
        Convolution(6, 5, pad=2, name="C1"),
        Relu(),
        Pooling(2, name="S2"),
        Convolution(16, 5, name="C3"),
        Relu(),
        Pooling(2, name="S4"),
        Affine(hidden[0]),
        Relu(),
        Affine(hidden[1]),
        Relu(),
        Affine(output_size),
    )
    return NetworkSpec("LeNet", _picture(input_dim), layers, weight_init_std, dtype, protocol)


def speedrun(
    input_dim: Sequence[int] = (1, 28, 28),
    output_size: int = 10,
    *,
    weight_init_std: float | str = "xavier",
    dtype: str = "float32",
    protocol: str = "standard",
) -> NetworkSpec:
    """Return the network that reaches 99 % of MNIST's test set after one epoch.

    Trained with batches of 128, Adam (beta1 0.7, beta2 0.9) and one cycle with a peak of 0.01.

    Args:
        input_dim: (channels, height, width).
        output_size: classes.
        weight_init_std: as in NetworkSpec, like the last two.
        dtype: "float32" or "float64".
        protocol: "standard" or "book".
    """
    layers: tuple[LayerSpec, ...] = (
        Convolution(24, 5),
        Pooling(2),
        Relu(),
        Convolution(32, 3),
        Pooling(2),
        Relu(),
        Affine(256),
        Relu(),
        Affine(output_size),
    )
    return NetworkSpec("Speedrun", _picture(input_dim), layers, weight_init_std, dtype, protocol)


def deep(
    input_dim: Sequence[int] = (1, 28, 28),
    hidden_size: int = 50,
    output_size: int = 10,
    *,
    weight_init_std: float | str = "he",
    dtype: str = "float32",
    protocol: str = "standard",
) -> NetworkSpec:
    """Return the book's DeepConvNet: six 3x3 convolutions, pooled in pairs, and dropout in the last layers.

    Args:
        input_dim: (channels, height, width).
        hidden_size: units of the hidden affine layer.
        output_size: classes.
        weight_init_std: as in NetworkSpec, like the last two.
        dtype: "float32" or "float64".
        protocol: "standard" or "book".

    Reference: Saito, "Deep Learning from Scratch", section 8.1.
    """
    layers: list[LayerSpec] = []
    for filters, pads in ((16, (1, 1)), (32, (1, 2)), (64, (1, 1))):
        for pad in pads:
            layers += [Convolution(filters, 3, pad=pad), Relu()]
        layers.append(Pooling(2))
    layers += [Affine(hidden_size), Relu(), Dropout(0.5), Affine(output_size), Dropout(0.5)]
    return NetworkSpec("DeepConvNet", _picture(input_dim), tuple(layers), weight_init_std, dtype, protocol)


def tiny(
    input_dim: Sequence[int] = (1, 28, 28),
    output_size: int = 10,
    *,
    weight_init_std: float | str = "he",
    dtype: str = "float32",
    protocol: str = "standard",
) -> NetworkSpec:
    """Return a network of fewer than 10,000 parameters: five normalised convolutions, the mean of each map.

    What it takes is what `speedrun` takes.
    """
    layers = (
        *_normed(8, 5, pooled=True),
        *_normed(16),
        *_normed(16, pooled=True),
        *_normed(16),
        *(Convolution(20, 3), BatchNormalization(), Relu()),
        GlobalAveragePooling(),
        Affine(output_size),
    )
    return NetworkSpec("Tiny", _picture(input_dim), layers, weight_init_std, dtype, protocol)


def swift(
    input_dim: Sequence[int] = (1, 28, 28),
    output_size: int = 10,
    *,
    weight_init_std: float | str = "he",
    dtype: str = "float32",
    protocol: str = "standard",
) -> NetworkSpec:
    """Return a network that is trained to high accuracy within a few epochs: eight layers with weights.

    Seven 3x3 convolutions, the last two in a residual sum. Pooling stands in front of normalisation, which so
    has a quarter of the numbers to do. What it takes is what `speedrun` takes.
    """
    layers = (
        *(Convolution(16, 3, pad=1), Relu()),
        *_normed(16, pooled=True),
        *_normed(32),
        *_normed(32, pooled=True),
        *_normed(64, pooled=True),
        Residual((*_normed(64), *_normed(64))),
        GlobalAveragePooling(),
        Affine(output_size),
    )
    return NetworkSpec("Swift", _picture(input_dim), layers, weight_init_std, dtype, protocol)


def resnet(
    input_dim: Sequence[int] = (1, 28, 28),
    output_size: int = 10,
    *,
    weight_init_std: float | str = "he",
    dtype: str = "float32",
    protocol: str = "standard",
) -> NetworkSpec:
    """Return a residual network of nine layers with weights, for pictures of about 28 or 32 pixels.

    Eight normalised 3x3 convolutions, four of them in two residual sums, and one affine layer.

    What it takes is what `speedrun` takes.

    Reference: He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016.
    """
    layers = (
        *_normed(16),
        *_normed(32),
        Pooling(2),
        Residual((*_normed(32), *_normed(32))),
        *_normed(64),
        Pooling(2),
        *_normed(64),
        Pooling(2),
        Residual((*_normed(64), *_normed(64))),
        GlobalAveragePooling(),
        Affine(output_size),
    )
    return NetworkSpec("ResNet9", _picture(input_dim), layers, weight_init_std, dtype, protocol)


def _normed(filters: int, size: int = 3, *, pooled: bool = False) -> tuple[LayerSpec, ...]:
    """Return a convolution of the input's size, its normalisation and ReLU, pooled first if asked for."""
    pooling = (Pooling(2),) if pooled else ()
    return (Convolution(filters, size, pad=size // 2), *pooling, BatchNormalization(), Relu())


NETWORKS: dict[str, Callable[..., NetworkSpec]] = {
    "simple": simple,
    "lenet": lenet,
    "speedrun": speedrun,
    "deep": deep,
    "tiny": tiny,
    "swift": swift,
    "resnet": resnet,
}


@partial(as_annotated, refused=SpecError)
def named_network(name: str) -> NetworkSpec:
    """Return the named network's spec.

    Raises:
        SpecError: there is no such network; the message lists those that there are.
    """
    if name not in NETWORKS:
        known = f"There are: {', '.join(NETWORKS)}; or give a .toml file"
        found = f"`{name}`" if len(name) <= 60 else shown(name)
        raise SpecError(f"there is no network {found}. {known}.{did_you_mean(name, NETWORKS)}")
    return NETWORKS[name]()


def _first_layer(given: Mapping[str, int] | None) -> Convolution:
    """Return SimpleConvNet's convolution, whose settings have the book's names."""
    if not isinstance(given, Mapping | None):
        rule = "a dict such as {'filter_num': 30}"
        raise SpecError(f"`conv_param` of SimpleConvNet must be {rule}. Got {shown(given)}.")
    param = {"filter_num": 30, "filter_size": 5, "pad": 0, "stride": 1}
    unknown = [key for key in given or {} if key not in param]
    if unknown:
        raise SpecError(
            f"`conv_param` of SimpleConvNet takes {', '.join(param)}. Got {shown(unknown)[1:-1]}."
        )
    param.update(given or {})
    return Convolution(param["filter_num"], param["filter_size"], param["stride"], param["pad"])


def _picture(input_dim: Sequence[int]) -> tuple[int, int, int]:
    channels, height, width = _several("`input_dim`", "(channels, height, width)", input_dim, 3)
    return channels, height, width


def _several(what: str, rule: str, value: Sequence[int], n: int) -> tuple[int, ...]:
    """Return `value` as a tuple of `n`."""
    several = tuple(listed(value) or ())
    if len(several) != n:
        raise SpecError(f"{what} must be {rule}. Got {shown(value)}.")
    return several
