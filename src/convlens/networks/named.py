"""The report's two networks as classes, with the book's arguments."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import DTypeLike

from convlens import spec
from convlens.errors import shown
from convlens.networks.network import Network

__all__ = ["LeNet", "SimpleConvNet"]


class SimpleConvNet(Network):
    """convolution - ReLU - pooling - affine - ReLU - affine - softmax.

    Args:
        input_dim: (channels, height, width).
        conv_param: `filter_num`, `filter_size`, `pad`, `stride` of the convolution.
        hidden_size: units of the hidden affine layer.
        output_size: classes.
        weight_init_std: standard deviation of the first weights, or "he" or "xavier".
        seed: of the first weights.
        dtype: "float32" or "float64", or NumPy's np.float32; None for the protocol's own.
        protocol: "standard", or "book" for the book's own arithmetic (float64).
        engine: "fused" for compiled kernels, "layers" for the readable layers; None for the faster that can.

    >>> SimpleConvNet()
    <SimpleConvNet: 6 layers, 433,890 parameters>

    Reference: Saito, "Deep Learning from Scratch", section 7.5.
    """

    def __init__(
        self,
        input_dim: Sequence[int] = (1, 28, 28),
        conv_param: Mapping[str, int] | None = None,
        hidden_size: int = 100,
        output_size: int = 10,
        weight_init_std: float | str = 0.01,
        *,
        seed: int = 0,
        dtype: DTypeLike | None = None,
        protocol: str = "standard",
        engine: str | None = None,
    ) -> None:
        described = spec.simple(
            input_dim, conv_param, hidden_size, output_size,
            weight_init_std=weight_init_std, dtype=_dtype(dtype, protocol), protocol=protocol,
        )  # fmt: skip
        super().__init__(described, seed, engine)


class LeNet(Network):
    """conv - ReLU - pool - conv - ReLU - pool - affine - ReLU - affine - ReLU - affine - softmax.

    Args:
        weight_init_std: standard deviation of the first weights, or "he" or "xavier".
        input_dim: (channels, height, width).
        hidden_size: units of the two hidden affine layers.
        output_size: classes.
        seed: of the first weights.
        dtype: "float32" or "float64", or NumPy's np.float32; None for the protocol's own.
        protocol: "standard", or "book" for the book's own arithmetic (float64).
        engine: "fused" for compiled kernels, "layers" for the readable layers; None for the faster that can.

    >>> LeNet()
    <LeNet: 11 layers, 61,706 parameters>

    Reference: LeCun et al., "Gradient-based learning applied to document recognition", 1998.
    """

    def __init__(
        self,
        weight_init_std: float | str = 0.01,
        *,
        input_dim: Sequence[int] = (1, 28, 28),
        hidden_size: Sequence[int] = (120, 84),
        output_size: int = 10,
        seed: int = 0,
        dtype: DTypeLike | None = None,
        protocol: str = "standard",
        engine: str | None = None,
    ) -> None:
        described = spec.lenet(
            input_dim, hidden_size, output_size,
            weight_init_std=weight_init_std, dtype=_dtype(dtype, protocol), protocol=protocol,
        )  # fmt: skip
        super().__init__(described, seed, engine)


def _dtype(asked: DTypeLike | None, protocol: str) -> str:
    """Return a dtype's name; the protocol's own if none was asked for."""
    if asked is None:
        return "float64" if protocol == "book" else "float32"
    try:
        return np.dtype(asked).name
    except (TypeError, ValueError, RecursionError):
        # The spec refuses it, with the list of those that there are.
        return asked if isinstance(asked, str) else shown(asked)
