"""`convlens summary`: what a network is, as a table."""

import json
from typing import Annotated

import typer

__all__ = ["summary"]


def summary(
    network: Annotated[str, typer.Argument(help="simple, lenet, or a NET.toml file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
    as_toml: Annotated[
        bool, typer.Option("--toml", help="Print the network as a NET.toml file to change.")
    ] = False,
) -> None:
    """Show a network's layers: shapes, parameters, multiply-adds, receptive fields."""
    from convlens import spec  # noqa: PLC0415 (lazy)
    from convlens.networks import summary_rows, summary_table  # noqa: PLC0415

    described = spec.load(network)
    if as_toml:
        typer.echo(spec.to_toml(described), nl=False)
    elif as_json:
        keys = ("layer", "output", "parameters", "multiply_adds", "receptive_field")
        rows = [dict(zip(keys, row, strict=True)) for row in summary_rows(described)]
        typer.echo(json.dumps({"format": 1, "name": described.name, "layers": rows}))
    else:
        typer.echo(summary_table(described))
