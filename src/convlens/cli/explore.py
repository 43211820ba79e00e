"""`convlens explore`: a finished run as a page in which the network runs."""

from pathlib import Path
from typing import Annotated

import typer

from convlens.cli.lang import Lang
from convlens.words import language

__all__ = ["explore"]


def explore(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    out: Annotated[Path, typer.Option(help="The page.")] = Path("explorer.html"),
    lang: Lang = None,
) -> None:
    """Make one HTML file, for any browser and without network access, in which a trained network runs."""
    from convlens.explorer import LARGEST, strangers, write_explorer  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.files import require_place  # noqa: PLC0415
    from convlens.runs import Run  # noqa: PLC0415

    require_place(out)
    found = Run(run)
    page = write_explorer(found, out, lang=language(lang))
    if unknown := strangers(found.spec):
        layer, reason = next(iter(unknown.items()))
        typer.echo(f"{page} stops before {layer}, which it cannot compute: {reason}.", err=True)
    if (size := page.stat().st_size) > LARGEST:
        typer.echo(
            f"{page} has {size / 1e6:.1f} MB: above {LARGEST / 1e6:g} MB it opens slowly on a phone. "
            "A network with fewer parameters makes less; see `convlens summary NET`.",
            err=True,
        )
    typer.echo(page)
