"""`convlens summary`: what a network is, as a table."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from convlens.spec import NetworkSpec

__all__ = ["summary"]


def summary(
    network: Annotated[str, typer.Argument(help="{networks}, or a NET.toml file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
    engine: Annotated[
        bool, typer.Option("--engine", help="Show which kernels run the layers, and their share of a step.")
    ] = False,
    batch_size: Annotated[int, typer.Option(min=1, help="With --engine: pictures of one step.")] = 100,
    threads: Annotated[int | None, typer.Option(help="With --engine: threads. [default: all]")] = None,
    as_toml: Annotated[
        bool, typer.Option("--toml", help="Print the network as a NET.toml file to change.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="With --toml: the file to write, a new one.")] = None,
) -> None:
    """Show a network's layers: shapes, parameters, multiply-adds, receptive fields."""
    from convlens import spec  # noqa: PLC0415 (lazy)
    from convlens.networks import summary_rows, summary_table  # noqa: PLC0415

    described = spec.find(network)
    if out is not None:
        _write_new(out, spec.to_toml(described), as_toml)
    elif engine:
        _show_engine(described, batch_size, threads, as_json)
    elif as_toml:
        typer.echo(spec.to_toml(described), nl=False)
    elif as_json:
        keys = ("layer", "output", "parameters", "multiply_adds", "receptive_field")
        rows = [dict(zip(keys, row, strict=True)) for row in summary_rows(described)]
        typer.echo(json.dumps({"format": 1, "name": described.name, "layers": rows}))
    else:
        typer.echo(summary_table(described))


def _write_new(out: Path, text: str, as_toml: bool) -> None:
    """Write a file that is not there yet: a network that was changed by hand is never lost."""
    from convlens.errors import UsageError, shown  # noqa: PLC0415 (lazy)
    from convlens.files import require_place, write_text  # noqa: PLC0415

    if not as_toml:
        raise UsageError(
            f"`--out` of summary is the file of a NET.toml: give --toml, too. Got --out {shown(out)} alone."
        )
    require_place(out)
    if out.exists():
        raise UsageError(f"{out} exists and is not overwritten: choose another --out.")
    write_text(out, text)
    typer.echo(out)


def _show_engine(described: "NetworkSpec", batch_size: int, threads: int | None, as_json: bool) -> None:
    """Print which kernels run the layers, as measured on this machine with random pictures."""
    from convlens.networks.stage_times import stage_shares  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.numerals import percent  # noqa: PLC0415

    n_threads, stages = stage_shares(described, batch_size, threads)
    if as_json:
        rows = [asdict(stage) for stage in stages]
        typer.echo(
            json.dumps({"format": 1, "name": described.name, "batch_size": batch_size, "stages": rows})
        )
        return
    typer.echo(f"{described.name}, batch {batch_size}, {n_threads} threads")
    for stage in stages:
        typer.echo(f"{stage.layers}: {stage.kernel}" + (f", tile {stage.tile}" if stage.tile else ""))
        cost = f"forward {stage.forward_ms:.3f} ms, backward {stage.backward_ms:.3f} ms"
        typer.echo(
            f"    {stage.multiply_adds:,} multiply-adds a picture, {cost}, "
            f"{percent(stage.share, 0)} of the step"
        )
