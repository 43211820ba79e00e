"""ONNX: one file that any runtime of it runs. Must not know other ways out.

Operator set 13 and format 7 are old enough for every runtime in use, and all that our layers need. The
parameters are float32; sizes of batches are free.
"""

from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np

from convlens.arguments import AnyPath, as_annotated
from convlens.data.preprocessing import USUAL
from convlens.errors import missing_extra
from convlens.files import path_of, write_bytes
from convlens.interop.exported import Exported, cells
from convlens.spec import BatchNormalization, Convolution, Dropout, LayerShape, LeakyRelu, Missing, to_dict

__all__ = ["ONNX", "export_onnx"]

OPSET, IR = 13, 7
_INPUT = "input of the layer"
Node = tuple[str, tuple[str, ...], dict[str, Any]]
"""Operator, what it takes behind its input (parameters, `CONSTANTS`, `_INPUT`), and its attributes."""

_NUMBERS = {"scale": USUAL.factor, "half": 0.5, "one": 1.0, "root_half": 0.5**0.5}
CONSTANTS = {name: np.array(number, np.float32) for name, number in _NUMBERS.items()}
"""Numbers that operators take, by the names of parameters."""


def _convolution(row: LayerShape) -> list[Node]:
    layer, (w, b) = cast("Convolution", row.layer), (p.name for p in row.parameters)
    said = {**_window(row), "kernel_shape": list(layer.taps)}
    if layer.groups > 1:
        said["group"] = layer.groups
    if layer.spacing != (1, 1):
        said["dilations"] = list(layer.spacing)
    return [("Conv", (w, b), said)]


def _pooling(row: LayerShape) -> list[Node]:
    return [("MaxPool", (), _window(row))]


def _average_pooling(row: LayerShape) -> list[Node]:
    return [("AveragePool", (), {**_window(row), "count_include_pad": 1})]


def _global_average_pooling(row: LayerShape) -> list[Node]:
    del row
    return [("GlobalAveragePool", (), {}), ("Flatten", (), {"axis": 1})]


def _affine(row: LayerShape) -> list[Node]:
    w, b = (p.name for p in row.parameters)
    return [("Flatten", (), {"axis": 1}), ("Gemm", (w, b), {})]


def _leaky_relu(row: LayerShape) -> list[Node]:
    return [("LeakyRelu", (), {"alpha": cast("LeakyRelu", row.layer).slope})]


def _normalisation(row: LayerShape) -> list[Node]:
    eps, keeps = cast("BatchNormalization", row.layer).eps, tuple(p.name for p in row.parameters)
    node: Node = ("BatchNormalization", keeps, {"epsilon": eps})
    if row.parameters[0].shape == row.input_shape[:1]:
        return [node]
    return [("Flatten", (), {"axis": 1}), node, ("Reshape", (_shape_name(row),), {})]


def _shape_name(row: LayerShape) -> str:
    """Return what the constant is called that brings rows back into a layer's shape."""
    return f"shape of {row.name}"


def _gelu(row: LayerShape) -> list[Node]:
    """Return x ½ (1 + erf(x √½)): GELU is an operator of its own from operator set 20 on."""
    del row
    erf: list[Node] = [("Mul", ("root_half",), {}), ("Erf", (), {}), ("Add", ("one",), {})]
    return [*erf, ("Mul", (_INPUT,), {}), ("Mul", ("half",), {})]


def _dropout(row: LayerShape) -> list[Node]:
    if cast("Dropout", row.layer).factor == 1:
        return [("Identity", (), {})]
    return [("Mul", (_factor_name(row),), {})]


def _factor_name(row: LayerShape) -> str:
    """Return what the constant is called that all of a layer's numbers are multiplied with."""
    return f"factor of {row.name}"


def _window(row: LayerShape) -> dict[str, Any]:
    """Return the window, its step, and the borders above, left, below and right."""
    (above, below), (left, right) = row.layer.borders(row.input_shape)
    extent = list(row.layer.extent or (1, 1))
    return {"kernel_shape": extent, "strides": list(row.layer.step), "pads": [above, left, below, right]}


ONNX: dict[str, Callable[[LayerShape], list[Node]] | Missing] = {
    "convolution": _convolution,
    "pooling": _pooling,
    "average_pooling": _average_pooling,
    "global_average_pooling": _global_average_pooling,
    "affine": _affine,
    "relu": lambda _: [("Relu", (), {})],
    "sigmoid": lambda _: [("Sigmoid", (), {})],
    "tanh": lambda _: [("Tanh", (), {})],
    "leaky_relu": _leaky_relu,
    "batch_normalization": _normalisation,
    "gelu": _gelu,
    "dropout": _dropout,
    "residual": lambda _: [("Add", (), {})],
}
"""Kind of a layer → the operators that compute it, in order."""


@as_annotated
def export_onnx(exported: Exported, path: AnyPath, from_bytes: bool = False) -> Path:
    """Write a network as an ONNX file.

    Its input is `pictures` (N, C, H, W), its output `scores` (N, classes): softmax makes them probabilities,
    the largest is the answer. The names of the classes stand in the metadata under "classes", as JSON.

    Args:
        exported: the network; `Exported.of(network)` makes one.
        path: the file, ending in .onnx; one that is there is replaced.
        from_bytes: whether pictures are bytes, 0 to 255, scaled inside; else they are float32 from 0 to 1.

    Returns:
        The file.

    Raises:
        UsageError: a layer has no operators.
        MissingExtraError: the extra `onnx` is not installed.
        DataError: the file cannot be written.
    """
    place = path_of(path, "path", "export_onnx")
    model = _model(exported, from_bytes)
    _onnx("checker").check_model(model, full_check=True)
    write_bytes(place, model.SerializeToString(deterministic=True))
    return place


def _onnx(module: str) -> Any:  # noqa: ANN401  # onnx has no types of its own
    """Return a module of onnx."""
    try:
        return import_module(f"onnx.{module}")
    except ImportError:
        raise missing_extra("An ONNX file", "onnx") from None


def _model(exported: Exported, from_bytes: bool) -> Any:  # noqa: ANN401
    """Return the model."""
    helper, numpy_helper, proto = _onnx("helper"), _onnx("numpy_helper"), _onnx("onnx_ml_pb2").TensorProto
    scaling: list[Node] = [("Cast", (), {"to": proto.FLOAT}), ("Mul", ("scale",), {})] if from_bytes else []
    todo = _nodes(exported, scaling)
    constants: dict[str, Any] = dict(exported.parameters)
    for row in exported.spec.table:
        constants |= _own_constants(row)
    needed = {name for node in todo for name in node.inputs}
    constants = {name: one for name, one in (CONSTANTS | constants).items() if name in needed}
    nodes = [
        helper.make_node(node.operator, node.inputs, [node.output], name=node.name, **node.attributes)
        for node in todo
    ]
    kind = proto.UINT8 if from_bytes else proto.FLOAT
    graph = helper.make_graph(
        nodes,
        exported.spec.name,
        [helper.make_tensor_value_info("pictures", kind, ["N", *exported.spec.input_shape])],
        [helper.make_tensor_value_info("scores", proto.FLOAT, ["N", exported.spec.n_classes])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
        doc_string=exported.origin,
    )
    return _with_texts(helper, graph, exported, from_bytes)


def _own_constants(row: LayerShape) -> dict[str, Any]:
    """Return the constants that a layer's operators may take, by name."""
    constants = {_shape_name(row): np.array([-1, *row.output_shape], np.int64)}
    if isinstance(row.layer, Dropout):
        constants[_factor_name(row)] = np.array(row.layer.factor, np.float32)
    return constants


class _Wired(NamedTuple):
    """A node of the graph, with what it reads and writes."""

    operator: str
    inputs: list[str]
    output: str
    name: str
    attributes: dict[str, Any]


def _nodes(exported: Exported, scaling: list[Node]) -> list[_Wired]:
    """Return the nodes in order, those of scaling first."""
    rows = exported.spec.table
    written = [cell(row) for cell, row in zip(cells(ONNX, exported.spec, "ONNX"), rows, strict=True)]
    found: list[_Wired] = []
    ends = ["pictures"]  # what row k gives is at k + 1
    for reads, nodes in zip([(-1,), *(row.reads for row in rows)], [scaling, *written], strict=True):
        given = values = [ends[read + 1] for read in reads]
        for operator, names, attributes in nodes:
            own = [given[0] if name == _INPUT else name for name in names]
            out = f"value{len(found)}"
            found.append(_Wired(operator, [*values, *own], out, f"{operator}{len(found)}", attributes))
            values = [out]
        ends = values if nodes is scaling else [*ends, values[0]]
    if len(rows[-1].output_shape) > 1:
        found.append(_Wired("Flatten", [ends[-1]], "", f"Flatten{len(found)}", {"axis": 1}))
    found[-1] = found[-1]._replace(output="scores")
    return found


def _with_texts(helper: Any, graph: Any, exported: Exported, from_bytes: bool) -> Any:  # noqa: ANN401
    """Return the model of a graph, with what people and programs may want to know."""
    import json  # noqa: PLC0415
    from importlib.metadata import version  # noqa: PLC0415

    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    model.producer_name, model.producer_version = "convlens", version("convlens")
    texts = {
        "classes": json.dumps(exported.class_names, ensure_ascii=False),
        "preprocessing": json.dumps(asdict(USUAL)),  # of bytes, inside or before
        "pictures": "bytes 0 to 255" if from_bytes else "float32 0 to 1",
        "spec": json.dumps(to_dict(exported.spec)),
    }
    helper.set_model_props(model, texts)
    return model
