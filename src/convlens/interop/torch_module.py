"""PyTorch: a module to read, and its weights beside it. Must not know other ways out, and needs no PyTorch.

The weights have PyTorch's names and shapes: those of a convolution stay (out, in, kh, kw), a matrix is turned
to (out, in), and pictures are flattened as here (channel, row, column), so nothing else moves.
"""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np

from convlens.arguments import AnyPath, as_annotated
from convlens.files import path_of, write_text
from convlens.interop.exported import Exported, Numbers, cells, identifier
from convlens.networks import write_arrays
from convlens.spec import (
    BatchNormalization,
    Convolution,
    Dropout,
    LayerShape,
    LeakyRelu,
    Missing,
    NetworkSpec,
)

__all__ = ["TORCH", "export_torch"]


class Written(NamedTuple):
    """How a layer is written.

    Attributes:
        module: what makes it, in `__init__`; "" for what has no weights and no state.
        call: what computes it, of `x`, of `self.NAME`, and of `y` where two ways come in.
    """

    module: str
    call: str


def _convolution(row: LayerShape) -> Written:
    layer, (x, pad) = cast("Convolution", row.layer), _padded(row)
    said = {"stride": (layer.step, (1, 1)), "dilation": (layer.spacing, (1, 1)), "groups": (layer.groups, 1)}
    stride, *more = (f", {key}={value}" * (value != usual) for key, (value, usual) in said.items())
    channels = f"{row.input_shape[0]}, {layer.filters}"
    return Written(f"nn.Conv2d({channels}, {layer.taps}{stride}{pad}{''.join(more)})", f"self.{{}}({x})")


def _pooling(row: LayerShape) -> Written:
    x, pad = _padded(row, ", value=float('-inf')")
    return Written("", f"functional.max_pool2d({x}, {row.layer.extent}, stride={row.layer.step}{pad})")


def _average_pooling(row: LayerShape) -> Written:
    x, pad = _padded(row)
    return Written("", f"functional.avg_pool2d({x}, {row.layer.extent}, stride={row.layer.step}{pad})")


def _padded(row: LayerShape, value: str = "") -> tuple[str, str]:
    """Return what a layer reads, and its argument for padding: that is the same on both sides."""
    rows, columns = row.layer.borders(row.input_shape)
    if rows[0] != rows[1] or columns[0] != columns[1]:
        return f"functional.pad(x, {(*columns, *rows)}{value})", ""
    pad = rows[0], columns[0]
    return "x", f", padding={pad}" * (pad != (0, 0))


def _affine(row: LayerShape) -> Written:
    inputs, outputs = row.parameters[0].shape
    flat = ".flatten(1)" * (len(row.input_shape) > 1)
    return Written(f"nn.Linear({inputs}, {outputs})", f"self.{{}}(x{flat})")


def _leaky_relu(row: LayerShape) -> Written:
    return Written("", f"functional.leaky_relu(x, {cast('LeakyRelu', row.layer).slope!r})")


def _normalisation(row: LayerShape) -> Written:
    layer, channels = cast("BatchNormalization", row.layer), row.parameters[0].size
    settings = f"{channels}, eps={layer.eps!r}, momentum={layer.momentum!r}"
    if channels != row.input_shape[0]:  # each pixel by itself, as in the book
        return Written(f"nn.BatchNorm1d({settings})", "self.{}(x.flatten(1)).reshape(x.shape)")
    return Written(f"nn.BatchNorm{2 if len(row.input_shape) == 3 else 1}d({settings})", "self.{}(x)")


def _dropout(row: LayerShape) -> Written:
    layer = cast("Dropout", row.layer)
    if layer.variant == "book":  # for predicting: PyTorch has none that is trained so
        return Written("", f"x * {layer.factor!r}")
    return Written(f"nn.Dropout({layer.ratio!r})", "self.{}(x)")


TORCH: dict[str, Callable[[LayerShape], Written] | Missing] = {
    "convolution": _convolution,
    "pooling": _pooling,
    "average_pooling": _average_pooling,
    "global_average_pooling": lambda _: Written("", "x.mean(dim=(2, 3))"),
    "affine": _affine,
    "relu": lambda _: Written("", "functional.relu(x)"),
    "sigmoid": lambda _: Written("", "torch.sigmoid(x)"),
    "tanh": lambda _: Written("", "torch.tanh(x)"),
    "leaky_relu": _leaky_relu,
    "batch_normalization": _normalisation,
    "gelu": lambda _: Written("", "functional.gelu(x)"),
    "dropout": _dropout,
    "residual": lambda _: Written("", "x + y"),
}
"""Kind of a layer → how PyTorch writes it."""

_KEYS = {"W": "weight", "b": "bias", "gamma": "weight", "beta": "bias"}
"""Our key of a parameter → PyTorch's, where they differ."""

FILE = '''"""{title}, written by convlens.{origin}

    network = load()
    scores = network(pictures)      # float32 (N, {shape}), from 0 to 1

The weights lie beside this file, in {weights!r}.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

CLASSES = {classes!r}


class {name}(nn.Module):
    """{layers}."""

    def __init__(self) -> None:
        super().__init__()
{modules}

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return scores (N, {n_classes}): softmax makes them probabilities."""
{calls}
        return {result}


def load(path: str | Path = Path(__file__).with_name({weights!r})) -> {name}:
    """Return the network with its trained weights, ready to predict."""
    network = {name}()
    network.load_state_dict(load_file(path))
    return network.eval()
'''


@as_annotated
def export_torch(exported: Exported, path: AnyPath) -> tuple[Path, Path]:
    """Write a network as a Python file with an `nn.Module`, and its weights as safetensors beside it.

    Args:
        exported: the network; `Exported.of(network)` makes one.
        path: the Python file, ending in .py; files that are there are replaced.

    Returns:
        The two files.

    Raises:
        UsageError: PyTorch has no such layer.
        DataError: a file cannot be written.
    """
    place = path_of(path, "path", "export_torch")
    written = [
        cell(row)
        for cell, row in zip(cells(TORCH, exported.spec, "PyTorch"), exported.spec.table, strict=True)
    ]
    weights = place.with_suffix(".safetensors")
    names = _names(exported)
    arrays: dict[str, Numbers] = {}
    for name, row in zip(names, exported.spec.table, strict=True):
        for key, value in exported.own(row).items():
            arrays[f"{name}.{_KEYS.get(key, key)}"] = _as_torch(key, value)
    write_arrays(weights, arrays)
    write_text(place, _text(exported, written, names, weights.name))
    return place, weights


def _as_torch(key: str, value: Numbers) -> Numbers:
    """Return a parameter as PyTorch holds it."""
    is_matrix = key == "W" and value.ndim == 2
    return np.ascontiguousarray(value.T) if is_matrix else value


def _names(exported: Exported) -> list[str]:
    """Return an attribute's name for each layer, all of them different."""
    seen: Counter[str] = Counter(("forward", "train", "eval", "load", "x"))
    names = []
    for number, row in enumerate(exported.spec.table, 1):
        name = identifier(row.name, f"layer{number}").lower()
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}_{number}")
    return names


def _text(exported: Exported, layers: list[Written], names: list[str], weights: str) -> str:
    """Return the Python file."""
    spec = exported.spec
    modules, calls = [], []
    held = _variables(spec, names)
    if held[0] != "x":
        calls.append(f"        {held[0]} = x")
    for k, (name, written, row) in enumerate(zip(names, layers, spec.table, strict=True)):
        if written.module:
            modules.append(f"        self.{name} = {written.module}")
        given = dict(zip("xy", (held[read + 1] for read in row.reads), strict=False))
        call = re.sub(r"\b[xy]\b", lambda found: given[found.group()], written.call)  # noqa: B023 (at once)
        calls.append(f"        {held[k + 1]} = {call.format(name)}  # {row.name}: {_sizes(row)}")
    return FILE.format(
        title=_quoted(spec.name),
        origin=f"\n\n{_quoted(exported.origin)}" if exported.origin else "",
        shape=", ".join(map(str, spec.input_shape)),
        weights=weights,
        classes=exported.class_names,
        name=identifier(spec.name, "Network"),
        layers=", ".join(row.layer.title for row in spec.table),
        modules="\n".join(modules),
        calls="\n".join(calls),
        result="x" if len(spec.table[-1].output_shape) == 1 else "x.flatten(1)",
        n_classes=spec.n_classes,
    )


def _variables(spec: NetworkSpec, names: list[str]) -> list[str]:
    """Return what the picture and each layer's output are called: x, where only the next layer reads it."""
    readers: dict[int, list[int]] = {}
    for k, row in enumerate(spec.table):
        for number in row.reads:
            readers.setdefault(number, []).append(k)
    kept = ["pictures", *(f"{name}_out" for name in names)]
    return ["x" if readers.get(k - 1, [k]) == [k] else name for k, name in enumerate(kept)]


def _sizes(row: LayerShape) -> str:
    return " x ".join(map(str, row.output_shape))


def _quoted(text: str) -> str:
    """Return a text that may stand in a docstring."""
    return text.replace("\\", "\\\\").replace('"', "'")
