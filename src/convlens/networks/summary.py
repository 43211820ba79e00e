"""A network's table as text and as HTML. Must not know arrays."""

from html import escape
from math import prod

from convlens.arguments import as_annotated
from convlens.spec import NetworkSpec, Shape

__all__ = ["summary_html", "summary_rows", "summary_table"]

_HEAD = ("layer", "output", "parameters", "multiply-adds", "receptive field")


def _size(shape: Shape) -> str:
    return " x ".join(map(str, shape))


@as_annotated
def summary_rows(spec: NetworkSpec) -> list[tuple[str, str, int, int, str]]:
    """Return one (layer, output, parameters, multiply-adds, receptive field) a layer."""
    return [
        (row.name, _size(row.output_shape), row.n_parameters, row.multiply_adds, _size(row.receptive_field))
        for row in spec.table
    ]


def _written(spec: NetworkSpec) -> list[tuple[str, ...]]:
    """Return the rows as text, the last one with the sums."""
    multiply_adds = sum(row.multiply_adds for row in spec.table)
    rows = [(n, o, f"{p:,}", f"{m:,}", r) for n, o, p, m, r in summary_rows(spec)]
    return [*rows, ("total", "", f"{spec.n_parameters:,}", f"{multiply_adds:,}", "")]


@as_annotated
def summary_table(spec: NetworkSpec) -> str:
    """Return the table, with the sums below it; multiply-adds are those of one picture's forward pass."""
    rows = _written(spec)
    widths = [max(len(line[i]) for line in [_HEAD, *rows]) for i in range(len(_HEAD))]
    lines = [
        "  ".join(
            f"{cell:{align}{width}}" for cell, align, width in zip(line, "<>>>>", widths, strict=True)
        ).rstrip()
        for line in [_HEAD, *rows]
    ]
    rule = "-" * max(map(len, lines))
    values = prod(spec.input_shape)
    start = f"{spec.dtype}, {spec.protocol} protocol"
    title = f"{spec.name}: input {_size(spec.input_shape)} ({values} values), {start}"
    return "\n".join([title, rule, lines[0], rule, *lines[1:-1], rule, lines[-1]])


def summary_html(spec: NetworkSpec) -> str:
    """Return the table as HTML for a notebook: without styles, every name escaped."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in _HEAD)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
        for name, *cells in _written(spec)
    )
    caption = escape(f"{spec.name}: input {_size(spec.input_shape)}")
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
