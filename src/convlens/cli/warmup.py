"""`convlens warmup`: compile the kernels before they are needed."""

import time

import typer

__all__ = ["warmup"]


def warmup() -> None:
    """Compile the kernels of the commonest networks now, so that no training has to wait for them."""
    from convlens import engine  # noqa: PLC0415 (lazy: Numba)

    typer.echo("compiling kernels ...", err=True)
    start = time.monotonic()
    count = engine.warm_up()
    typer.echo(f"kernels for {count} networks are ready ({time.monotonic() - start:.1f} s)")
    typer.echo(f"kept in {engine.facts()['cache']}")
