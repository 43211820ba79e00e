"""`convlens inspect`: pictures of finished runs."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["inspect"]


def inspect(
    runs: Annotated[list[Path], typer.Argument(help="Run folders; several are compared.")],
    what: Annotated[str, typer.Option(help="curves, filters, applied or architecture.")] = "curves",
    out: Annotated[Path, typer.Option(help="The picture: .png, .svg or .pdf.")] = Path("inspect.png"),
    picture: Annotated[
        str, typer.Option(help="For applied: digit, photograph, or a picture file.")
    ] = "digit",
    lang: Annotated[str | None, typer.Option(help="en or ko. [default: the locale's]")] = None,
) -> None:
    """Draw what runs learned: curves, filters before and after, an image seen through the filters."""
    from convlens.inspection import draw  # noqa: PLC0415 (lazy: matplotlib)
    from convlens.training import Run  # noqa: PLC0415

    draw([Run(folder) for folder in runs], what, out, picture=picture, lang=lang)
    typer.echo(out)
