"""From a figure to a file: the same figure gives the same bytes. Must not know what is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.files import require_place, write_bytes
from convlens.inspection.drawing.style import alt_text, settings
from convlens.interrupts import heed

__all__ = ["DOTS_PER_INCH", "FORMATS", "as_png", "encoded", "pixels", "require_picture_place", "save"]

FORMATS = ("png", "svg", "pdf")
"""What a picture can be saved as; a file's suffix says which."""

DOTS_PER_INCH = 200
"""Of PNG."""

_OTHER_DOTS = 150  # of SVG and PDF, for large feature maps only: everything else has no dots
_COMPRESSION = 3  # of PNG: 4 and more take longer, and are hardly smaller with such pictures


@as_annotated
def save(figure: Figure, path: str | Path) -> None:
    """Write a figure to a file, atomically, in the format that its suffix names.

    PNG has 200 dots an inch; SVG holds letters as outlines, so that Hangul needs no font where it is read.
    What the figure shows in words goes into the file as its description.

    Raises:
        UsageError: the suffix is none of .png, .svg, .pdf.
        ConvlensError: the file cannot be written.
    """
    path = Path(path)
    write_bytes(path, encoded(figure, require_picture_place(path)))


def require_picture_place(path: Path) -> str:
    """Return the format that a path names, or refuse it before anything is drawn.

    Raises:
        UsageError: the suffix is none of .png, .svg, .pdf.
        ConvlensError: no file can be written there.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise UsageError(f"a picture's file must end in .png, .svg or .pdf. Got {shown(path.name)}.")
    require_place(path)
    return kind


@as_annotated
def encoded(figure: Figure, kind: str) -> bytes:
    """Return a figure as the bytes of a "png", "svg" or "pdf" file, without date.

    Raises:
        UsageError: there is no such format.
    """
    if kind not in FORMATS:
        raise UsageError(f"the format of a picture must be one of {', '.join(FORMATS)}. Got {shown(kind)}.")
    heed()
    description, content = alt_text(figure), BytesIO()
    if kind == "png":
        return as_png(pixels(figure), description)
    with settings(), _dots(figure, _OTHER_DOTS):
        if kind == "svg":  # by way of `savefig` everything would be drawn twice
            told: dict[str, Any] = {"Description": description, "Date": None}
            FigureCanvasSVG(figure).print_svg(content, metadata=told)  # type: ignore[no-untyped-call]
        else:
            figure.savefig(content, format=kind, metadata={"Subject": description, "CreationDate": None})
    return content.getvalue()


def pixels(figure: Figure) -> Image.Image:
    """Return a figure as a picture with 200 dots an inch."""
    canvas = FigureCanvasAgg(figure)
    with settings(), _dots(figure, DOTS_PER_INCH):
        canvas.draw()  # type: ignore[no-untyped-call]
        dots = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        return Image.fromarray(dots).convert("RGB")


@contextmanager
def _dots(figure: Figure, per_inch: int) -> Iterator[None]:
    """Draw with so many dots an inch in here."""
    before = figure.dpi
    figure.set_dpi(per_inch)
    try:
        yield
    finally:
        figure.set_dpi(before)


def as_png(picture: Image.Image, description: str) -> bytes:
    """Return a picture as the bytes of a PNG file."""
    told, content = PngInfo(), BytesIO()
    told.add_itxt("Description", description)
    dots = (DOTS_PER_INCH, DOTS_PER_INCH)
    picture.save(content, "PNG", pnginfo=told, dpi=dots, compress_level=_COMPRESSION)
    return content.getvalue()
