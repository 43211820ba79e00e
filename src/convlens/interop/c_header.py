"""C: one C99 file without malloc and without a library. Must not know other ways out.

Sums run in the order of the readable layers' loops, in float32. Activations lie in buffers of the size of
the largest, two where no way leads past others, so a function is not to be called by two threads at once.
"""

from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import cast

from convlens.arguments import AnyPath, as_annotated
from convlens.data.preprocessing import USUAL
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
from convlens.interop.exported import Exported, cells, identifier
from convlens.interop.folding import folded
from convlens.spec import Dropout, LayerShape, LeakyRelu, Missing, ParameterSpec

__all__ = ["C", "export_c"]

Loops = Callable[[LayerShape, str], str]


def _convolution(row: LayerShape, name: str) -> str:
    return convolution_loops(row, name, "float", "", "sum")


def _pooling(row: LayerShape, name: str) -> str:
    del name
    return pooling_loops(row, "float", "-FLT_MAX")


def _average_pooling(row: LayerShape, name: str) -> str:
    del name
    return average_loops(row, "float", f"sum / {prod(row.layer.extent or (1, 1))}")


def _global_average_pooling(row: LayerShape, name: str) -> str:
    del name
    return global_average_loops(row, "float", f"sum / {prod(row.input_shape[1:])}")


def _affine(row: LayerShape, name: str) -> str:
    inputs, outputs = row.parameters[0].shape
    return f"""\
    for (int j = 0; j < {outputs}; j++) out[j] = {name}_b[j];
    for (int i = 0; i < {inputs}; i++)
        for (int j = 0; j < {outputs}; j++)
            out[j] += in[i] * {name}_w[i * {outputs} + j];
"""


def _normalisation(row: LayerShape, name: str) -> str:
    places = prod(row.input_shape) // row.parameters[0].size  # scale and shift are what folding has left
    return each(row, f"in[i] * {name}_gamma[i / {places}] + {name}_beta[i / {places}]")


def _dropout(row: LayerShape, name: str) -> str:
    del name
    factor = cast("Dropout", row.layer).factor
    return each(row, "in[i]" if factor == 1 else f"{factor!r}f * in[i]")


def _each(expression: str) -> Loops:
    """Return what writes a loop over all numbers."""

    def written(row: LayerShape, name: str) -> str:
        del name
        slope = f"{row.layer.slope!r}f" if isinstance(row.layer, LeakyRelu) else ""
        return each(row, expression.replace("SLOPE", slope))

    return written


C: dict[str, Loops | Missing] = {
    "convolution": _convolution,
    "pooling": _pooling,
    "average_pooling": _average_pooling,
    "global_average_pooling": _global_average_pooling,
    "affine": _affine,
    "relu": _each("in[i] > 0 ? in[i] : 0"),
    "sigmoid": _each("PREFIX_sigmoid(in[i])"),
    "tanh": _each("2 * PREFIX_sigmoid(2 * in[i]) - 1"),
    "leaky_relu": _each("in[i] > 0 ? in[i] : SLOPE * in[i]"),
    "batch_normalization": _normalisation,
    "gelu": _each("in[i] * PREFIX_normal_below(in[i])"),
    "dropout": _dropout,
    "residual": _each("in[i] + more[i]"),
}
"""Kind of a layer → what writes its loops, from `in` to `out`."""

FILE = """\
/* {title}, written by convlens: one C99 file, no malloc, no library.{origin}

   float scores[{n_classes}];
   {name}_scores(pictures, scores);            pictures: {shape} floats from 0 to 1 (channel, row, column)
   int answer = {name}_classify(bytes);        bytes: the same from 0 to 255

   {n_parameters:,} parameters, {flash:,} bytes of constants; {ram:,} bytes of memory.
   Not to be called by two threads at once: activations lie in {places} static buffers. */
#ifndef {guard}
#define {guard}
#include <float.h>

#define {macro}_INPUTS {inputs}
#define {macro}_CLASSES {n_classes}

static const char *const {name}_classes[{n_classes}] = {{{classes}}};
{weights}
{helpers}static float {buffers};

{functions}
/* scores[{n_classes}]: softmax makes them probabilities, the largest is the answer. */
static void {name}_scores(const float *picture, float *scores)
{{
{calls}}}

/* Returns the class of a picture of bytes. */
static int {name}_classify(const unsigned char *picture)
{{
    static float scaled[{inputs}];
    float scores[{n_classes}];
    int answer = 0;
    for (int i = 0; i < {inputs}; i++) scaled[i] = picture[i] * (1.0f / {divide:.1f}f);
    {name}_scores(scaled, scores);
    for (int i = 1; i < {n_classes}; i++)
        if (scores[i] > scores[answer]) answer = i;
    return answer;
}}

#endif
"""

EXPONENTIAL = """\
/* exp(x) = 2^k exp(r) with |r| <= ln(2)/2, where seven terms of the series are exact to float's last bit. */
static float PREFIX_exp(float x)
{
    if (x < -87.0f) return 0.0f;
    if (x > 87.0f) x = 87.0f;
    const int k = (int)(x * 1.44269504f + (x < 0 ? -0.5f : 0.5f));
    const float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    float y = 1 + r * (1 + r * (0.5f + r * (1.0f / 6 + r * (1.0f / 24 + r * (1.0f / 120 + r / 720)))));
    for (int i = 0; i < k; i++) y *= 2.0f;
    for (int i = 0; i > k; i--) y *= 0.5f;
    return y;
}

"""

SIGMOID = """\
static float PREFIX_sigmoid(float x) { return 1.0f / (1.0f + PREFIX_exp(-x)); }

"""

NORMAL = """\
/* How probable a normal number below x is, to 1.2e-7 of it: erfc by Press et al., Numerical Recipes, 6.2. */
static float PREFIX_normal_below(float x)
{
    const float z = (x < 0 ? -x : x) * 0.707106781f, t = 1.0f / (1.0f + 0.5f * z);
    const float p = -1.26551223f + t * (1.00002368f + t * (0.37409196f + t * (0.09678418f
        + t * (-0.18628806f + t * (0.27886807f + t * (-1.13520398f + t * (1.48851587f
        + t * (-0.82215223f + t * 0.17087277f))))))));
    const float above = 0.5f * t * PREFIX_exp(p - z * z);
    return x < 0 ? above : 1.0f - above;
}

"""

HELPERS = {"_sigmoid(": SIGMOID, "_normal_below(": NORMAL}
"""What calls in layers' loops need before them, behind `EXPONENTIAL`."""


@as_annotated
def export_c(exported: Exported, path: AnyPath) -> Path:
    """Write a network as one C99 file to include.

    Args:
        exported: the network; `Exported.of(network)` makes one.
        path: the file, ending in .h; one that is there is replaced.

    Returns:
        The file.

    Raises:
        UsageError: a layer cannot be written in C.
        DataError: the file cannot be written.
    """
    place = path_of(path, "path", "export_c")
    exported = folded(exported)
    write_text(place, _text(exported, cells(C, exported.spec, "C")))
    return place


def _text(exported: Exported, loops: list[Loops]) -> str:
    """Return the file."""
    spec, name = exported.spec, identifier(exported.spec.name, "network").lower()
    weights, functions, calls = [], [], []
    places, buffers = places_of(spec)
    for number, (row, write, where) in enumerate(zip(spec.table, loops, places, strict=True), 1):
        layer = f"{name}_{number}"
        weights += [
            array(f"{layer}_{parameter.key.lower()}", "float", _constants(exported, parameter))
            for parameter in row.parameters
            if parameter.trained
        ]
        functions.append(_function(row, layer, write(row, layer).replace("PREFIX", name)))
        calls.append(f"    {layer}({', '.join(in_file(name, one) for one in where)});\n")
    text = "\n".join(functions)
    return FILE.format(
        title=comment(spec.name),
        origin=f"\n\n   {comment(exported.origin)}" if exported.origin else "",
        name=name,
        macro=name.upper(),
        guard=f"{name.upper()}_H",
        shape=" x ".join(map(str, spec.input_shape)),
        inputs=prod(spec.input_shape),
        divide=USUAL.divide,
        n_classes=spec.n_classes,
        n_parameters=spec.n_parameters,
        flash=4 * spec.n_parameters,
        ram=4 * len(buffers) * exported.largest + 4 * prod(spec.input_shape),
        classes=", ".join(map(literal, exported.class_names)),
        weights="\n".join(weights),
        helpers=_helpers(text).replace("PREFIX", name),
        places=counted(buffers),
        buffers=", ".join(f"{in_file(name, one)}[{exported.largest}]" for one in buffers),
        functions=text,
        calls="".join(calls),
    )


def _constants(exported: Exported, parameter: ParameterSpec) -> list[float]:
    """Return the numbers of a parameter, one after the other."""
    return [float(value) for value in exported.parameters[parameter.name].ravel()]


def _helpers(text: str) -> str:
    """Return the functions that these loops call, each once."""
    needed = [helper for call, helper in HELPERS.items() if call in text]
    return "".join([EXPONENTIAL, *needed]) if needed else ""


def _function(row: LayerShape, layer: str, body: str) -> str:
    """Return one layer's function."""
    head = f"/* {comment(row.name)}: {row.layer.title}, {sizes_of(row)}. */\n"
    more = ", const float *more" * (len(row.reads) > 1)
    return f"{head}static void {layer}(const float *in{more}, float *out)\n{{\n{body}}}\n"
