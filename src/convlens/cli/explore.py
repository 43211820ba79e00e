"""`convlens explore`: a finished run as a page in which the network runs."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["explore"]


def explore(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    out: Annotated[Path, typer.Option(help="The page.")] = Path("explorer.html"),
    lang: Annotated[str | None, typer.Option(help="en, ko or ja. [default: the locale's]")] = None,
) -> None:
    """Make one HTML file, for any browser and without network access, in which a trained network runs."""
    from convlens.explorer import LARGEST, write_explorer  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.files import require_place  # noqa: PLC0415
    from convlens.report import language  # noqa: PLC0415
    from convlens.runs import Run  # noqa: PLC0415

    require_place(out)
    page = write_explorer(Run(run), out, lang=language(lang))
    if (size := page.stat().st_size) > LARGEST:
        typer.echo(
            f"{page} has {size / 1e6:.1f} MB: above {LARGEST / 1e6:g} MB it opens slowly on a phone. "
            "A network with fewer parameters makes less; see `convlens summary NET`.",
            err=True,
        )
    typer.echo(page)
