"""C without floats: a network in whole numbers as one C99 file. Must not know how it came to whole numbers.

What it computes is `Quantized.predict`, bit by bit.
"""

from collections.abc import Callable
from math import prod
from pathlib import Path

from convlens.arguments import AnyPath, as_annotated
from convlens.files import path_of, write_text
from convlens.interop.c_loops import (
    average_loops,
    convolution_loops,
    each,
    global_average_loops,
    pooling_loops,
)
from convlens.interop.c_places import counted, in_file, places_of
from convlens.interop.c_text import array, comment, literal, sizes_of
from convlens.interop.exported import cells, identifier
from convlens.interop.int8 import LARGEST, Quantized, QuantizedLayer, Whole
from convlens.spec import Missing

__all__ = ["C_INT8", "export_c_int8"]

Loops = Callable[[QuantizedLayer, str], str]


def _filters(layer: QuantizedLayer, name: str) -> str:
    return convolution_loops(layer.row, name, "int32_t", "(int32_t)", _summed(name, "f", layer))


def _largest(layer: QuantizedLayer, name: str) -> str:
    del name
    return pooling_loops(layer.row, "int8_t", f"-{LARGEST} - 1")


def _mean(layer: QuantizedLayer, name: str) -> str:
    return average_loops(layer.row, "int32_t", _summed(name, "0", layer))


def _mean_of_all(layer: QuantizedLayer, name: str) -> str:
    return global_average_loops(layer.row, "int32_t", _summed(name, "0", layer))


def _matrix(layer: QuantizedLayer, name: str) -> str:
    inputs, outputs = layer.weights.shape
    value = _summed(name, "0", layer)
    return f"""\
    for (int j = 0; j < {outputs}; j++) {{
        int32_t sum = {name}_b[j];
        for (int i = 0; i < {inputs}; i++) sum += (int32_t)in[i] * {name}_w[i * {outputs} + j];
        out[j] = {value};
    }}
"""


def _positive(layer: QuantizedLayer, name: str) -> str:
    del name
    return each(layer.row, "in[i] > 0 ? in[i] : 0")


def _sloped(layer: QuantizedLayer, name: str) -> str:
    return each(layer.row, f"in[i] > 0 ? in[i] : {_scaled('in[i]', name, '0', layer)}")


def _added(layer: QuantizedLayer, name: str) -> str:
    both = f"in[i] * {name}_m[0] + (int32_t)more[i] * {name}_m[1]"
    return each(layer.row, both if layer.is_last else f"PREFIX_scaled({both}, 1, {layer.shift})")


def _looked_up(layer: QuantizedLayer, name: str) -> str:
    return each(layer.row, f"{name}_t[in[i] + {LARGEST}]")


def _by_channel(layer: QuantizedLayer, name: str) -> str:
    channel = f"i / {prod(layer.row.input_shape) // len(layer.weights)}"
    value = f"in[i] * {name}_w[{channel}] + {name}_b[{channel}]"
    return each(layer.row, value if layer.is_last else _scaled(value, name, channel, layer))


def _passed(layer: QuantizedLayer, name: str) -> str:
    del name
    return each(layer.row, "in[i]")


def _summed(name: str, which: str, layer: QuantizedLayer) -> str:
    """Return what comes out of `sum`: the last layer's sums are the scores."""
    return "sum" if layer.is_last else _scaled("sum", name, which, layer)


def _scaled(value: str, name: str, which: str, layer: QuantizedLayer) -> str:
    """Return a value in the scale of what comes out, by one of the layer's factors."""
    return f"PREFIX_scaled({value}, {name}_m[{which}], {layer.shift})"


C_INT8: dict[str, Loops | Missing] = {
    "convolution": _filters,
    "pooling": _largest,
    "average_pooling": _mean,
    "global_average_pooling": _mean_of_all,
    "affine": _matrix,
    "relu": _positive,
    "sigmoid": _looked_up,
    "tanh": _looked_up,
    "leaky_relu": _sloped,
    "batch_normalization": _by_channel,
    "gelu": _looked_up,
    "dropout": _passed,
    "residual": _added,
}
"""Kind of a layer → what writes its loops, from `in` to `out`."""

FILE = """\
/* {title} in whole numbers, written by convlens: one C99 file, no malloc, no library, no floats.{origin}

   int32_t scores[{n_classes}];
   {name}_scores(bytes, scores);               bytes: {shape} from 0 to 255 (channel, row, column)
   int answer = {name}_classify(bytes);

   A score as it was in floats is about {score_scale:.6g} times the whole number.{accuracy}
   {flash:,} bytes of constants; {ram:,} bytes of memory.
   Not to be called by two threads at once: activations lie in {places} static buffers. */
#ifndef {guard}
#define {guard}
#include <stdint.h>

#define {macro}_INPUTS {inputs}
#define {macro}_CLASSES {n_classes}

static const char *const {name}_classes[{n_classes}] = {{{classes}}};
{constants}
static int8_t {buffers};

/* sum * factor / 2^shift, halves away from zero, from -{most} to {most}. */
static int8_t {name}_scaled(int32_t sum, int64_t factor, int shift)
{{
    const int64_t product = sum * factor, half = ((int64_t)1 << shift) >> 1;
    const int64_t value = product < 0 ? -((half - product) >> shift) : (product + half) >> shift;
    return value > {most} ? {most} : value < -{most} ? -{most} : (int8_t)value;
}}

{functions}
/* The largest score is the answer. */
static void {name}_scores(const unsigned char *picture, int32_t *scores)
{{
    for (int i = 0; i < {inputs}; i++) {name}_one[i] = (int8_t)(picture[i] >> 1);
{calls}}}

/* Returns the class of a picture of bytes. */
static int {name}_classify(const unsigned char *picture)
{{
    int32_t scores[{n_classes}];
    int answer = 0;
    {name}_scores(picture, scores);
    for (int i = 1; i < {n_classes}; i++)
        if (scores[i] > scores[answer]) answer = i;
    return answer;
}}

#endif
"""


@as_annotated
def export_c_int8(quantized: Quantized, path: AnyPath, accuracy: str = "") -> Path:
    """Write a network in whole numbers as one C99 file to include.

    Args:
        quantized: the network; `quantize` makes one.
        path: the file, ending in .h; one that is there is replaced.
        accuracy: a sentence about it, for the file's head.

    Returns:
        The file.

    Raises:
        UsageError: a layer cannot be written in C.
        DataError: the file cannot be written.
    """
    place = path_of(path, "path", "export_c_int8")
    write_text(place, _text(quantized, cells(C_INT8, quantized.exported.spec, "C"), accuracy))
    return place


def _text(quantized: Quantized, loops: list[Loops], accuracy: str) -> str:
    """Return the file."""
    exported, spec = quantized.exported, quantized.exported.spec
    name = identifier(spec.name, "network").lower()
    constants, functions, calls, flash = [], [], [], 0
    places, buffers = places_of(spec, picture="one")
    for number, (layer, write, where) in enumerate(zip(quantized.layers, loops, places, strict=True)):
        own = f"{name}_{number + 1}"
        for suffix, kind, values in _constants(layer):
            constants.append(array(f"{own}_{suffix}", kind, values.ravel().tolist()))
            flash += values.size * WIDTHS[kind]
        functions.append(_function(layer, own, write(layer, own).replace("PREFIX", name)))
        calls.append(f"    {own}({', '.join(in_file(name, one) for one in where)});\n")
    told = {
        "title": comment(spec.name),
        "origin": f"\n\n   {comment(exported.origin)}" if exported.origin else "",
        "accuracy": f"\n   {comment(accuracy)}" if accuracy else "",
        "shape": " x ".join(map(str, spec.input_shape)),
        "classes": ", ".join(map(literal, exported.class_names)),
    }
    return FILE.format(
        **told, name=name, macro=name.upper(), guard=f"{name.upper()}_H", inputs=prod(spec.input_shape),
        n_classes=spec.n_classes, score_scale=quantized.score_scale, flash=flash, most=LARGEST,
        constants="\n".join(constants), ram=len(buffers) * exported.largest, places=counted(buffers),
        buffers=", ".join(f"{in_file(name, one)}[{exported.largest}]" for one in buffers),
        functions="\n".join(functions), calls="".join(calls),
    )  # fmt: skip


WIDTHS = {"int8_t": 1, "uint16_t": 2, "int32_t": 4}
"""Bytes of a number."""


def _constants(layer: QuantizedLayer) -> list[tuple[str, str, Whole]]:
    """Return the arrays of a layer that hold anything: suffix, type and numbers."""
    given = [
        ("w", "int8_t", layer.weights),
        ("b", "int32_t", layer.bias),
        ("m", "uint16_t", layer.factors),
        ("t", "int8_t", layer.table),
    ]
    return [one for one in given if one[2].size]


def _function(layer: QuantizedLayer, name: str, body: str) -> str:
    """Return one layer's function."""
    out = "int32_t" if layer.is_last else "int8_t"
    head = f"/* {comment(layer.row.name)}: {layer.row.layer.title}, {sizes_of(layer.row)}. */\n"
    more = ", const int8_t *more" * (len(layer.row.reads) > 1)
    return f"{head}static void {name}(const int8_t *in{more}, {out} *out)\n{{\n{body}}}\n"
