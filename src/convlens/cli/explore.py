"""`convlens explore`: a finished run as a page in which the network runs."""

from pathlib import Path
from typing import Annotated

import typer

from convlens.cli.lang import Lang
from convlens.cli.own_pages import require_page
from convlens.cli.words import spoken
from convlens.words import language

__all__ = ["explore"]


def explore(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    out: Annotated[Path, typer.Option(help="The page.")] = Path("explorer.html"),
    lang: Lang = None,
) -> None:
    """Make one HTML file, for any browser and without network access, in which a trained network runs."""
    from convlens.explorer import LARGEST, strangers, write_explorer  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.runs import Run  # noqa: PLC0415

    say = spoken(lang)
    require_page(out, "explore")
    found = Run(run)
    page = write_explorer(found, out, lang=language(lang))
    if unknown := strangers(found.spec):
        layer, reason = next(iter(unknown.items()))
        typer.echo(say("explore.stops", page=str(page), layer=layer, reason=reason), err=True)
    if (size := page.stat().st_size) > LARGEST:
        figures = {"size": f"{size / 1e6:.1f}", "most": f"{LARGEST / 1e6:g}"}
        typer.echo(say("explore.large", page=str(page), **figures), err=True)
    typer.echo(page)
