"""`convlens report`: the page of any runs."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from convlens.cli.lang import Lang
from convlens.words import language

__all__ = ["report"]


def report(
    runs: Annotated[list[Path], typer.Argument(help="Run folders; several are compared.")],
    out: Annotated[Path, typer.Option(help="The page; its pictures go into a folder beside it.")] = Path(
        "report.html"
    ),
    picture: Annotated[
        Path | None, typer.Option(help="A picture of your own to look at through the filters.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Write one page on what runs learned: curves, filters, mistakes, and what can be said for sure.

    Runs that differ in their seed only are one experiment; different experiments are compared side by side.
    """
    from convlens.data import read_picture  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.errors import UsageError, shown  # noqa: PLC0415
    from convlens.files import command_line, require_place  # noqa: PLC0415
    from convlens.report import write_runs_report  # noqa: PLC0415
    from convlens.runs import Run  # noqa: PLC0415

    if out.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"`--out` of report must end in .html. Got {shown(out.name)}.")
    require_place(out)
    if picture is not None:
        read_picture(picture)  # what is wrong with it is said now, not after all has been drawn
    words = ["convlens", "report", *map(str, runs), "--out", str(out)]
    words += [] if picture is None else ["--picture", str(picture)]
    chosen = [Run(folder) for folder in runs]
    command = command_line(words)
    page = write_runs_report(
        chosen,
        out,
        lang=language(lang),
        command=command,
        picture=picture,
        on_left_out=partial(typer.echo, err=True),
    )
    typer.echo(page)
