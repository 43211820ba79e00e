"""`convlens summary`: what a network is, as a table."""

import json
from dataclasses import asdict
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convlens.cli.lang import Lang
from convlens.cli.tables import columns, wide
from convlens.cli.words import spoken

if TYPE_CHECKING:
    from convlens.spec import NetworkSpec
    from convlens.words import Words

__all__ = ["summary"]


def summary(
    network: Annotated[str, typer.Argument(help="{networks}, or a NET.toml file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
    engine: Annotated[
        bool, typer.Option("--engine", help="Show which kernels run the layers, and their share of a step.")
    ] = False,
    batch_size: Annotated[int, typer.Option(min=1, help="With --engine: pictures of one step.")] = 100,
    threads: Annotated[
        int | None, typer.Option(help="With --engine: threads. [default: the fastest]")
    ] = None,
    as_toml: Annotated[
        bool, typer.Option("--toml", help="Print the network as a NET.toml file to change.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="With --toml: the file to write, a new one.")] = None,
    lang: Lang = None,
) -> None:
    """Show a network's layers: shapes, parameters, multiply-adds, receptive fields."""
    from convlens import spec  # noqa: PLC0415 (lazy)
    from convlens.networks import summary_rows  # noqa: PLC0415

    say, described = spoken(lang), spec.find(network)
    if out is not None:
        _write_new(out, spec.to_toml(described), as_toml)
    elif engine:
        _show_engine(described, batch_size, threads, None if as_json else say)
    elif as_toml:
        typer.echo(spec.to_toml(described), nl=False)
    elif as_json:
        keys = ("layer", "output", "parameters", "multiply_adds", "receptive_field")
        rows = [dict(zip(keys, row, strict=True)) for row in summary_rows(described)]
        typer.echo(json.dumps({"format": 1, "name": described.name, "layers": rows}))
    else:
        typer.echo(_table(described, say))


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


def _table(described: "NetworkSpec", say: "Words") -> str:
    """Return the table, with the sums below it; multiply-adds are those of one picture's forward pass."""
    from convlens.networks import summary_rows  # noqa: PLC0415 (lazy)

    keys = ("layer", "output", "parameters", "multiply_adds", "receptive_field")
    rows = [(name, out, f"{p:,}", f"{m:,}", seen) for name, out, p, m, seen in summary_rows(described)]
    multiply_adds = sum(row.multiply_adds for row in described.table)
    total = (say("summary.total"), "", f"{described.n_parameters:,}", f"{multiply_adds:,}", "")
    head, *body, last = columns([tuple(say(f"summary.{key}") for key in keys), *rows, total], "<>")
    rule = "-" * max(map(wide, (head, *body, last)))
    title = say(
        "summary.title",
        name=described.name,
        size=" x ".join(map(str, described.input_shape)),
        values=str(prod(described.input_shape)),
        dtype=described.dtype,
        protocol=described.protocol,
    )
    return "\n".join([title, rule, head, rule, *body, rule, last])


def _show_engine(described: "NetworkSpec", batch_size: int, threads: int | None, say: "Words | None") -> None:
    """Print which kernels run the layers, as measured on this machine with random pictures; None: as JSON."""
    from convlens.networks.stage_times import stage_shares  # noqa: PLC0415 (lazy, as everything heavy)

    n_threads, step_ms, stages = stage_shares(described, batch_size, threads)
    if say is None:
        told = {"format": 1, "name": described.name, "batch_size": batch_size}
        rows = [asdict(stage) for stage in stages]
        typer.echo(json.dumps(told | {"threads": n_threads, "step_ms": step_ms, "stages": rows}))
        return
    typer.echo(say("summary.engine", name=described.name, batch=batch_size, n=n_threads))
    if step_ms:
        tried = say.series([f"{number}: {ms:.3f}" for number, ms in step_ms.items()])
        typer.echo(say("summary.tried", times=tried))
    for stage in stages:
        key = "summary.stage_with_tile" if stage.tile else "summary.stage"
        typer.echo(say(key, layers=stage.layers, kernel=stage.kernel, tile=stage.tile))
        cost = say(
            "summary.cost",
            n=stage.multiply_adds,
            forward=f"{stage.forward_ms:.3f}",
            backward=f"{stage.backward_ms:.3f}",
            share=say.percent(stage.share, 0),
        )
        typer.echo(f"    {cost}")
