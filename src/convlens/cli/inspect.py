"""`convlens inspect`: pictures of finished runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convlens.cli.lang import Lang
from convlens.cli.words import spoken
from convlens.words import Words, language

if TYPE_CHECKING:
    from convlens._typing import Array
    from convlens.runs import Run

__all__ = ["inspect"]


def inspect(
    runs: Annotated[
        list[Path],
        typer.Argument(help="Run folders; some pictures compare several."),
    ],
    what: Annotated[
        str,
        typer.Option(
            help="curves, loss, comparison, learning-rate, filters, filters-by-rate, side-by-side, forming, "
            "applied, applied-by-rate, classes, excitement, confusion, class-accuracy, mistakes, "
            "augmentation or architecture."
        ),
    ] = "curves",
    out: Annotated[
        Path | None,
        typer.Option(help="The picture, .png, .svg or .pdf. [default: a .png named by what it shows]"),
    ] = None,
    layer: Annotated[
        str | None, typer.Option(help="Whose filters, such as C3. [default: the first layer with filters]")
    ] = None,
    picture: Annotated[
        str | None,
        typer.Option(help="What filters look at: digit, photograph, or a picture file. [default: digit]"),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(help="So many at most: filters of forming (usually 8) or mistakes (12), up to 120."),
    ] = None,
    scale: Annotated[
        str | None,
        typer.Option(
            help="Colours of filters and maps: each on its own scale, or all on a common one. [default: own]"
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """Draw what runs learned: curves, filters before and after, pictures seen through them, mistakes."""
    say = spoken(lang)
    typer.echo(_drawn(runs, what, out, (picture, layer, most, scale), language(lang), say))


def _drawn(
    folders: list[Path],
    what: str,
    out: Path | None,
    asked: tuple[str | None, str | None, int | None, str | None],
    lang: str,
    say: Words,
) -> Path:
    """Draw a picture into its file, with progress where it takes long, and return the file's path."""
    from convlens.cli.progress import ShowProgress  # noqa: PLC0415 (lazy, as everything heavy)
    from convlens.errors import UsageError, did_you_mean, shown  # noqa: PLC0415
    from convlens.inspection import PICTURES, PictureOptions, file_stem, save  # noqa: PLC0415
    from convlens.inspection.drawing import require_picture_place  # noqa: PLC0415
    from convlens.runs import Run  # noqa: PLC0415

    if what not in PICTURES:
        near = did_you_mean(what, PICTURES)
        raise UsageError(f"`--what` must be one of {', '.join(PICTURES)}. Got {shown(what)}.{near}")
    if out is not None:
        require_picture_place(out)
        if asked[0] is not None and out.exists() and Path(asked[0]).exists() and out.samefile(asked[0]):
            raise UsageError(f"`--out` must not be your own picture. Got {shown(out)}.")
    runs = [Run(folder) for folder in folders]
    picture, layer, most, scale = asked
    path = out or Path(f"{file_stem(what, runs, layer)}.png")
    with ShowProgress(say=say) as progress:
        progress.begin(what)
        options = PictureOptions(_picture(picture, runs), layer, most, lang, progress.count, scale)
        save(PICTURES[what](runs, options), path)
    return path


def _picture(name: str | None, runs: "list[Run]") -> "Array | None":
    """Return the picture to look at, None if none is asked for."""
    from convlens.data import photograph, read_picture  # noqa: PLC0415
    from convlens.findings import first_picture  # noqa: PLC0415

    if name is None:
        return None
    if name == "digit":
        return first_picture(runs[0])
    return photograph() if name == "photograph" else read_picture(name)
