"""From a figure to a file: the same figure gives the same bytes. Must not know what is in it."""

from io import BytesIO
from pathlib import Path

from matplotlib.figure import Figure

from convlens.arguments import as_annotated
from convlens.errors import UsageError, shown
from convlens.files import require_place, write_bytes
from convlens.inspection.drawing.style import alt_text, settings
from convlens.interrupts import heed

__all__ = ["FORMATS", "encoded", "require_picture_place", "save"]

FORMATS = ("png", "svg", "pdf")
"""What a picture can be saved as; a file's suffix says which."""

_DOTS_PER_INCH = {"png": 200, "svg": 150, "pdf": 150}
"""Of SVG and PDF, for large feature maps only: everything else has no dots."""


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
    description = alt_text(figure)
    metadata = {
        "png": {"Description": description},
        "svg": {"Description": description, "Date": None},
        "pdf": {"Subject": description, "CreationDate": None},
    }
    content = BytesIO()
    with settings():
        figure.savefig(content, format=kind, dpi=_DOTS_PER_INCH[kind], metadata=metadata[kind])
    return content.getvalue()
