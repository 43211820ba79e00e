"""`convlens bench`: how fast this machine trains."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from convlens.cli.lang import Lang
from convlens.cli.tables import columns
from convlens.cli.words import spoken

__all__ = ["bench"]


def bench(
    networks: Annotated[
        list[str] | None,
        typer.Argument(help="{networks}, or NET.toml files. [default: all that have a name]"),
    ] = None,
    batch_size: Annotated[int, typer.Option(min=1, help="Pictures of one step.")] = 100,
    threads: Annotated[
        int | None, typer.Option(help="Threads of the kernels. [default: the fastest]")
    ] = None,
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure training steps: kernels and readable layers in turn, medians, random pictures.

    The share of sgemm compares dense multiply-adds with NumPy's own float32 matrix product; the kernels
    skip derivatives that are zero, so it can be high.
    """
    from convlens import spec  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.networks.engines import require_kernels  # noqa: PLC0415
    from convlens.training import step_times  # noqa: PLC0415

    require_kernels()
    say = spoken(lang)
    described = {name: spec.find(name) for name in networks or spec.NETWORKS}
    rows = []
    for name, network in described.items():
        typer.echo(say("bench.measuring", name=name), err=True)
        rows.append({"network": name, **asdict(step_times(network, batch_size, threads))})
    if as_json:
        typer.echo(json.dumps({"format": 1, "batch_size": batch_size, "networks": rows}))
        return
    keys = ("network", "kernels", "layers", "ratio", "kernel_rate", "sgemm_rate", "share")
    table = [tuple(say(f"bench.{key}") for key in keys)]
    for row in rows:
        fused, layers, rate, sgemm = (row[key] for key in ("fused", "layers", "gigaflops", "sgemm_gigaflops"))
        speed = (f"{fused:.2f}", f"{layers:.1f}", f"{layers / fused:.1f}")
        table.append((row["network"], *speed, f"{rate:.0f}", f"{sgemm:.0f}", say.percent(rate / sgemm, 0)))
    typer.echo("\n".join([say("bench.title", batch=batch_size), *columns(table, "<>"), say("bench.note")]))
