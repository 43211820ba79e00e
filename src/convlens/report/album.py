"""The pictures of a page: drawn once, written as files, and taken from there while nothing has changed.

Every picture is there as PNG; beside it lies what the page shows if that is another file: lines as SVG,
photographs as WebP. What is for phones only, the same lines in another shape, is there as SVG alone.
`figures/made-from.json` says from which runs and in which language each picture was made, and keeps its
alternative text. It is written with each picture, so that whoever is stopped goes on from there. There is no
other memory: without that file everything is drawn again.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure
from PIL import Image

from convlens.files import explained, read_text, safe_stem, write_bytes, write_text
from convlens.inspection import alt_text, encoded
from convlens.inspection.drawing import as_png, pixels
from convlens.inspection.drawing.fonts import drawable_language, drawn_with
from convlens.inspection.drawing.palette import few_colours
from convlens.inspection.drawing.sheet import is_sheet
from convlens.interrupts import heed
from convlens.report.inline import inline_svg
from convlens.runs import Run

__all__ = ["Album", "EmbeddedPicture"]

_FORMAT = 2
_LARGEST_PNG = 160_000  # bytes; of what is larger the page shows WebP
_QUALITY, _EFFORT = 70, 2  # of WebP
_SMALL_PNG = 20_000  # bytes; smaller ones are worth no second file
_LOSSLESS: dict[str, Any] = {"lossless": True, "quality": 20, "method": 1}
_LONGEST = 120  # letters of a file's name
_WIDEST = 1000  # pixels of WebP; the PNG beside it has them all
_KINDS = {"svg": "svg+xml", "png": "png", "webp": "webp"}


@dataclass(frozen=True)
class EmbeddedPicture:
    """A picture, ready for a page.

    Attributes:
        name: of its files, without ending.
        alt: what it shows, in words.
        path: of the file that the page shows.
        width, height: in CSS pixels.
    """

    name: str
    alt: str
    path: Path
    width: int
    height: int

    @property
    def has_lines(self) -> bool:
        """Whether it is an SVG, which may become a part of the page."""
        return self.path.suffix == ".svg"

    @property
    def content(self) -> bytes:
        """The file's content; of an SVG without what a page has no use for."""
        with explained("read", self.path):
            content = self.path.read_bytes()
        return _lighter(content) if self.has_lines else content

    @property
    def uri(self) -> str:
        """The picture itself, as a data URI."""
        kind = _KINDS[self.path.suffix.removeprefix(".")]
        return f"data:image/{kind};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True)
class _Made:
    """What is remembered of a picture; `shown` is the ending of the file that the page shows."""

    made_from: str
    alt: str
    width: int
    height: int
    shown: str


class Album:
    """The folder with a page's pictures.

    Args:
        folder: where they are; made if it is not there.
        lang: the language of what is written in them; English where no font can draw it.
        on_drawn: is told the name of each picture as it is drawn.
        compact: there may be many: the page shows all but the smallest as WebP, which takes time.
    """

    def __init__(
        self,
        folder: Path,
        lang: str,
        on_drawn: Callable[[str], None] | None = None,
        *,
        compact: bool = False,
    ) -> None:
        self.folder = folder
        self._compact = compact
        self._on_drawn = on_drawn
        self.lang = drawable_language(lang)
        self.drawn: list[str] = []
        self._index = folder / "made-from.json"
        with explained("make", folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._before = _read_index(self._index)
        self._now: dict[str, _Made] = {}

    def picture(
        self, name: str, runs: Sequence[Run], draw: Callable[[], Figure], *also: object, narrow: bool = False
    ) -> EmbeddedPicture:
        """Return a picture, drawing it only if it was made from something else before.

        Args:
            name: readable and unique; what a file's name cannot hold is replaced.
            runs: what it shows.
            draw: draws it.
            *also: what else decides how it looks.
            narrow: it has lines only, and is for phones.
        """
        heed()
        stem = _stem(name)
        while stem in self._now:
            stem += "-2"
        made_from = self._key(runs, also)
        made = self._before.get(stem)
        if made is None or made.made_from != made_from or not self._is_there(stem, made, narrow):
            made = self._draw(stem, made_from, draw, narrow)
            self._remember({**self._before, **self._now, stem: made})
        self._now[stem] = made
        return EmbeddedPicture(stem, made.alt, self._file(stem, made.shown), made.width, made.height)

    def inline(self, picture: EmbeddedPicture) -> Markup:
        """Return a picture of lines as a part of the page."""
        return inline_svg(picture.content, picture.name, picture.alt)

    def close(self) -> None:
        """Remember what was made, and remove the pictures that the page no longer shows."""
        if self._now == self._before:
            return
        self._remember(self._now)
        for name in self._before.keys() - self._now.keys():
            self._remove(name)

    def _remove(self, name: str, but: tuple[str, ...] = ()) -> None:
        for kind in _KINDS.keys() - set(but):
            self._file(name, kind).unlink(missing_ok=True)

    def _remember(self, pictures: dict[str, _Made]) -> None:
        content = {"format": _FORMAT, "pictures": {name: asdict(made) for name, made in pictures.items()}}
        write_text(self._index, json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    def _file(self, stem: str, kind: str) -> Path:
        return self.folder / f"{stem}.{kind}"

    def _is_there(self, stem: str, made: _Made, narrow: bool) -> bool:
        kinds = {made.shown} if narrow else {"png", made.shown}
        return all(self._file(stem, kind).is_file() for kind in kinds)

    def _key(self, runs: Sequence[Run], also: tuple[object, ...]) -> str:
        shown = [[run.run_id, run.results, run.versions] for run in runs]
        look = [
            version("convlens"),
            self.lang,
            drawn_with(self.lang),
            *(["compact"] if self._compact else []),
        ]
        text = json.dumps([*look, shown, list(map(str, also))], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _files_of(self, figure: Figure) -> dict[str, bytes]:
        """Return a figure's files by their endings; the page shows the last one."""
        picture, alt = pixels(figure), alt_text(figure)
        if not any(axes.images for axes in figure.axes):
            return {"png": as_png(picture, alt), "svg": encoded(figure, "svg")}
        kept = few_colours(picture) if is_sheet(figure) else picture
        png = as_png(kept, alt)
        if len(png) > _LARGEST_PNG:
            picture.thumbnail((_WIDEST, 2 * _WIDEST), Image.Resampling.HAMMING)
            return {"png": png, "webp": _as_webp(picture, quality=_QUALITY, method=_EFFORT)}
        if self._compact and len(png) > _SMALL_PNG:
            return {"png": png, "webp": _as_webp(kept.convert("RGB"), **_LOSSLESS)}
        return {"png": png}

    def _draw(self, stem: str, made_from: str, draw: Callable[[], Figure], narrow: bool) -> _Made:
        if self._on_drawn is not None:
            self._on_drawn(stem)
        figure = draw()
        alt, files = alt_text(figure), {"svg": encoded(figure, "svg")} if narrow else self._files_of(figure)
        for kind, content in files.items():
            write_bytes(self._file(stem, kind), content)
        self._remove(stem, tuple(files))
        self.drawn.append(stem)
        width, height = (round(inches * 96) for inches in figure.get_size_inches())
        return _Made(made_from, alt, width, height, list(files)[-1])


def _as_webp(picture: Image.Image, **how: Any) -> bytes:  # noqa: ANN401 (Pillow's)
    content = BytesIO()
    picture.save(content, "WEBP", **how)
    return content.getvalue()


def _lighter(svg: bytes) -> bytes:
    """Return an SVG with coordinates to a tenth of a point and without its metadata."""
    svg = re.sub(rb"<metadata>.*?</metadata>\s*", b"", svg, flags=re.DOTALL)
    return re.sub(rb' d="[^"]*"|translate\([^)]*\)', lambda found: _rounded(found[0]), svg)


def _rounded(numbers: bytes) -> bytes:
    return re.sub(rb"(?<=\.\d)\d+", b"", numbers)


def _stem(name: str) -> str:
    return safe_stem(name, _LONGEST) or "picture"


def _read_index(path: Path) -> dict[str, _Made]:
    """Return what was remembered; nothing if the file is missing or damaged."""
    try:
        content: dict[str, Any] = json.loads(read_text(path))
        return {
            name: _remembered(v, known=content["format"] == _FORMAT)
            for name, v in content["pictures"].items()
            if _stem(name) == name  # the file may be anyone's: no name may lead out of the folder
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _remembered(entry: dict[str, Any], *, known: bool) -> _Made:
    """Return what an index says of a picture; of another format's only that there is one."""
    if not known:
        return _Made("", "", 0, 0, "png")
    shown = str(entry["shown"])
    if shown not in _KINDS:
        raise ValueError(shown)
    return _Made(str(entry["made_from"]), str(entry["alt"]), int(entry["width"]), int(entry["height"]), shown)
