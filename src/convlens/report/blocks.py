"""The blocks that a page is built of, as plain data. Must not know HTML; the templates have a macro for each.

All text in them is plain text: whatever a name contains, the templates escape it.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from markupsafe import Markup

from convlens.report.album import EmbeddedPicture
from convlens.study.statistics import Interval

__all__ = [
    "Beside",
    "Block",
    "Cell",
    "Chart",
    "Command",
    "Facts",
    "Figure",
    "Fold",
    "Frame",
    "Gallery",
    "Listing",
    "Opening",
    "Paragraph",
    "Points",
    "Prose",
    "Section",
    "Table",
    "Tile",
]

Tone: TypeAlias = Literal["plain", "lead", "note", "warning", "paper"]
"""Of a paragraph; one of "paper" stands on paper only."""


@dataclass(frozen=True)
class Paragraph:
    """A sentence or a few; `href` is the anchor of its evidence."""

    kind: ClassVar[str] = "paragraph"
    text: str
    tone: Tone = "plain"
    href: str | None = None


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    kind: ClassVar[str] = "points"
    items: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Command:
    """A command line that the reader may copy, below what it does."""

    kind: ClassVar[str] = "command"
    text: str
    label: str = ""


@dataclass(frozen=True)
class Listing:
    """A piece of code, folded on the screen and whole on paper; a button copies it.

    Attributes:
        title: what it is.
        text: the code.
    """

    kind: ClassVar[str] = "listing"
    title: str
    text: str


@dataclass(frozen=True)
class Prose:
    """The author's own words, as HTML that was made safe."""

    kind: ClassVar[str] = "prose"
    html: Markup


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        text: what it says; `note` stands small below it.
        number: it is aligned as one.
        bar: an interval drawn beside it, from 0 to 1 of the drawing's width; `mark` a point in it.
        heat: 0 to 9, how strongly it is coloured.
        strong: it is on a confusion matrix's diagonal, or a sum.
    """

    text: str
    note: str = ""
    number: bool = False
    bar: Interval | None = None
    mark: float = 0.0
    heat: int = 0
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row is the row's heading.

    Attributes:
        caption: what it shows.
        head: the columns' headings.
        rows: one cell a column.
        style: "plain", or "matrix" for a dense square of numbers.
    """

    kind: ClassVar[str] = "table"
    caption: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    style: Literal["plain", "matrix"] = "plain"


@dataclass(frozen=True)
class Figure:
    """A picture with its caption.

    Attributes:
        picture: what is shown.
        caption: what it shows.
        narrow: the same for a phone, where there is such a one.
        again: the picture stands elsewhere on the page, too.
    """

    kind: ClassVar[str] = "figure"
    picture: EmbeddedPicture
    caption: str
    narrow: EmbeddedPicture | None = None
    again: bool = False

    @property
    def place(self) -> str:
        """What its address ends with."""
        return f"again-{self.picture.name}" if self.again else self.picture.name


@dataclass(frozen=True)
class Beside:
    """Pictures that belong together: below each other on the screen, side by side on paper."""

    kind: ClassVar[str] = "beside"
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Opening:
    """What a reader in a hurry sees: a few sentences, and pictures beside them."""

    kind: ClassVar[str] = "opening"
    points: Points
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Chart:
    """Learning curves as a part of the page, in which a script finds the values.

    Attributes:
        name: of the drawing, unique on the page.
        wide, narrow: the drawing, for a desk and for a phone.
        caption: what it shows.
        values: what the script knows, as JSON.
    """

    kind: ClassVar[str] = "chart"
    name: str
    wide: Markup
    narrow: Markup
    caption: str
    values: str


@dataclass(frozen=True)
class Frame:
    """Another page in this one, which opens when it is asked for.

    Attributes:
        title: what it is.
        page: its HTML; its script and style must be in this page's policy, too.
        instead: what stands in its place on paper and where scripts do not run.
    """

    kind: ClassVar[str] = "frame"
    title: str
    page: str
    instead: str

    @property
    def quoted(self) -> Markup:
        """Return the page as it may stand between double quotes."""
        return Markup(self.page.replace("&", "&amp;").replace('"', "&quot;"))  # noqa: S704 (it is quoted)


@dataclass(frozen=True)
class Tile:
    """A small picture of a gallery with a line or two below it."""

    uri: str
    alt: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Gallery:
    """Small pictures in rows."""

    kind: ClassVar[str] = "gallery"
    caption: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Facts:
    """Terms, each with what belongs to it."""

    kind: ClassVar[str] = "facts"
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fold:
    """Blocks behind one line, for those who ask: on paper only where they are open.

    Attributes:
        title: the line.
        blocks: what is behind it.
        is_rule: it says how something was judged, which stands on paper in any case.
    """

    kind: ClassVar[str] = "fold"
    title: str
    blocks: tuple["Block", ...]
    is_rule: bool = False


@dataclass(frozen=True)
class Section:
    """A heading with blocks below it; sections in it are one heading level deeper.

    Attributes:
        anchor: its address on the page.
        title: its heading.
        blocks: what stands below it.
        folded: only its heading is seen until somebody asks.
    """

    kind: ClassVar[str] = "section"
    anchor: str
    title: str
    blocks: tuple["Block", ...]
    folded: bool = False


Block: TypeAlias = (
    Paragraph | Points | Opening | Command | Listing | Prose | Table | Figure | Beside | Chart | Frame
    | Gallery | Facts | Fold | Section
)  # fmt: skip
