"""`convlens report`: the page of any runs."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from convlens.cli.about import AboutFile, keep_for_next_time, say_whose
from convlens.cli.lang import Lang
from convlens.cli.own_pages import require_page
from convlens.cli.words import spoken
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
    about: AboutFile = None,
    lang: Lang = None,
) -> None:
    """Write one page on what runs learned: curves, filters, mistakes, and what can be said for sure.

    Runs that differ in their seed only are one experiment; different experiments are compared side by side.
    """
    from convlens.data import read_picture  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.report import write_runs_report  # noqa: PLC0415
    from convlens.report.kept_about import about_for  # noqa: PLC0415
    from convlens.runs import Run  # noqa: PLC0415

    say = spoken(lang)
    require_page(out, "report")
    if picture is not None:
        read_picture(picture)  # what is wrong with it is said now, not after all has been drawn
    (added, used), lang = about_for(out, about), language(lang)
    say_whose(about, used, say)
    options = {"--out": out, "--picture": picture, "--about": used, "--lang": lang}
    command, opened = _command(runs, options, out.parent), [Run(folder) for folder in runs]
    tell = partial(typer.echo, err=True)
    page = write_runs_report(
        opened, out, lang=lang, command=command, picture=picture, about=added, on_left_out=tell
    )
    keep_for_next_time(out, about, say)
    typer.echo(page)


def _command(runs: list[Path], options: Mapping[str, Path | str | None], home: Path) -> str:
    """Return the command line that makes this very page again."""
    from convlens.files import command_line  # noqa: PLC0415 (lazy)
    from convlens.report.places import shareable  # noqa: PLC0415

    given = [word for option, value in options.items() if value for word in (option, shareable(value, home))]
    return command_line(["convlens", "report", *(shareable(run, home) for run in runs), *given])
