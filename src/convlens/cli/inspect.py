"""`convlens inspect`: pictures of finished runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from convlens._typing import Array

__all__ = ["inspect"]


def inspect(
    runs: Annotated[list[Path], typer.Argument(help="Run folders; curves compare several.")],
    what: Annotated[str, typer.Option(help="curves, filters, applied or architecture.")] = "curves",
    out: Annotated[
        Path | None, typer.Option(help="The picture, .png, .svg or .pdf. [default: WHAT.png]")
    ] = None,
    picture: Annotated[
        str, typer.Option(help="What `applied` looks at: digit, photograph, or a picture file.")
    ] = "digit",
    lang: Annotated[str | None, typer.Option(help="en or ko. [default: the locale's]")] = None,
) -> None:
    """Draw what runs learned: curves, filters before and after, a picture seen through the filters."""
    from convlens.errors import UsageError  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.inspection import PICTURES, save  # noqa: PLC0415
    from convlens.report import language  # noqa: PLC0415
    from convlens.training import Run  # noqa: PLC0415

    if what not in PICTURES:
        raise UsageError(f"`--what` must be one of {', '.join(PICTURES)}. Got {what!r}.")
    path = out or Path(f"{what}.png")
    figure = PICTURES[what]([Run(folder) for folder in runs], picture=_picture(picture), lang=language(lang))
    save(figure, path)
    typer.echo(path)


def _picture(name: str) -> "Array | None":
    """Return the picture to look at; None stands for the run's own first test image."""
    from convlens.data import photograph, read_picture  # noqa: PLC0415

    if name == "digit":
        return None
    return photograph() if name == "photograph" else read_picture(name)
