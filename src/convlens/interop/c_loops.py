"""Loops of C, from `in` to `out`, that floats and whole numbers share. Must not know which it is."""

from math import prod

from convlens.spec import LayerShape

__all__ = ["average_loops", "convolution_loops", "each", "global_average_loops", "pooling_loops"]


def convolution_loops(row: LayerShape, name: str, number: str, cast: str, result: str) -> str:
    """Return the loops of a convolution, with the parameters NAME_w and NAME_b.

    Args:
        row: the layer and its shapes.
        name: of the layer in C.
        number: the type of sums.
        cast: what makes a product of that type, before its first factor.
        result: what comes out of `sum` for filter `f`.
    """
    (channels, height, width), (filters, oh, ow) = row.input_shape, row.output_shape
    _, seen, kh, kw = row.parameters[0].shape  # a filter's channels: those of its own group
    groups = channels // seen
    channel = "c" if groups == 1 else f"(f / {filters // groups} * {seen} + c)"
    return f"""\
    for (int f = 0; f < {filters}; f++)
        for (int i = 0; i < {oh}; i++)
            for (int j = 0; j < {ow}; j++) {{
                {number} sum = {name}_b[f];
                for (int c = 0; c < {seen}; c++)
                    for (int u = 0; u < {kh}; u++)
                        for (int v = 0; v < {kw}; v++) {{
                            {_place(row)}
                            if (y >= 0 && y < {height} && z >= 0 && z < {width})
                                sum += {cast}in[({channel} * {height} + y) * {width} + z]
                                     * {name}_w[((f * {seen} + c) * {kh} + u) * {kw} + v];
                        }}
                out[(f * {oh} + i) * {ow} + j] = {result};
            }}
"""


def pooling_loops(row: LayerShape, number: str, least: str) -> str:
    """Return the loops of a max-pooling.

    Args:
        row: the layer and its shapes.
        number: the type of what goes in and comes out.
        least: what is below every number.
    """
    (channels, height, width), (_, oh, ow) = row.input_shape, row.output_shape
    kh, kw = row.layer.extent or (1, 1)
    return f"""\
    for (int c = 0; c < {channels}; c++)
        for (int i = 0; i < {oh}; i++)
            for (int j = 0; j < {ow}; j++) {{
                {number} most = {least};
                for (int u = 0; u < {kh}; u++)
                    for (int v = 0; v < {kw}; v++) {{
                        {_place(row)}
                        if (y >= 0 && y < {height} && z >= 0 && z < {width}) {{
                            const {number} one = in[(c * {height} + y) * {width} + z];
                            if (one > most) most = one;
                        }}
                    }}
                out[(c * {oh} + i) * {ow} + j] = most;
            }}
"""


def average_loops(row: LayerShape, number: str, result: str) -> str:
    """Return the loops of an average pooling.

    Args:
        row: the layer and its shapes.
        number: the type of sums.
        result: what comes out of the `sum` of a window.
    """
    (channels, height, width), (_, oh, ow) = row.input_shape, row.output_shape
    kh, kw = row.layer.extent or (1, 1)
    return f"""\
    for (int c = 0; c < {channels}; c++)
        for (int i = 0; i < {oh}; i++)
            for (int j = 0; j < {ow}; j++) {{
                {number} sum = 0;
                for (int u = 0; u < {kh}; u++)
                    for (int v = 0; v < {kw}; v++) {{
                        {_place(row)}
                        if (y >= 0 && y < {height} && z >= 0 && z < {width})
                            sum += in[(c * {height} + y) * {width} + z];
                    }}
                out[(c * {oh} + i) * {ow} + j] = {result};
            }}
"""


def global_average_loops(row: LayerShape, number: str, result: str) -> str:
    """Return the loops of a global average pooling; arguments as above."""
    channels, height, width = row.input_shape
    return f"""\
    for (int c = 0; c < {channels}; c++) {{
        {number} sum = 0;
        for (int i = 0; i < {height * width}; i++) sum += in[c * {height * width} + i];
        out[c] = {result};
    }}
"""


def each(row: LayerShape, value: str) -> str:
    """Return a loop over all numbers; `value` is what becomes of `in[i]`."""
    return f"    for (int i = 0; i < {prod(row.output_shape)}; i++) out[i] = {value};\n"


def _place(row: LayerShape) -> str:
    """Return row and column of the input under a window's element (u, v) at (i, j)."""
    (sh, sw), ((ph, _), (pw, _)) = row.layer.step, row.layer.borders(row.input_shape)
    u, v = (
        name if gap == 1 else f"{name} * {gap}" for name, gap in zip("uv", row.layer.spacing, strict=True)
    )
    return f"const int y = i * {sh} + {u} - {ph}, z = j * {sw} + {v} - {pw};"
