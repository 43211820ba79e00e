"""Which layer is taken by which consumer: the matrix in docs/architecture.md, from the tables themselves.

python docs/matrix.py     writes it anew
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from convlens import engine, explorer, interop, layers
from convlens.spec import KINDS, Missing, Purpose
from convlens.words import LANGUAGES, LAYERS, layer_title

PAGE = Path(__file__).parent / "architecture.md"
BEGIN, END = "<!-- matrix: begin -->\n", "<!-- matrix: end -->"

Cell = str | Missing | None


def computed(kind: str) -> Cell:
    """Return the file that computes a layer in NumPy."""
    made = layers.LAYERS.get(kind)
    return made and f"`{made.__module__.removeprefix('convlens.').replace('.', '/')}.py`"


def in_page(kind: str) -> Cell:
    """Return the layer's twin in the explorer."""
    twin = explorer.PAGE.get(kind)
    return f"`{twin}`" if isinstance(twin, str) else twin


def written_by(table: Mapping[str, object]) -> Callable[[str], Cell]:
    """Return what says whether a way out writes a layer."""

    def told(kind: str) -> Cell:
        cell = table.get(kind)
        return cell if cell is None or isinstance(cell, Missing) else "yes"

    return told


def named(kind: str) -> Cell:
    """Return what a layer is called in each language; an activation has one name in all of them."""
    if KINDS[kind].purpose is Purpose.ACTIVATION:
        return KINDS[kind].title
    if not all(kind in LAYERS[lang] for lang in LANGUAGES):
        return None
    return ", ".join(layer_title(kind, KINDS[kind].title, lang) for lang in LANGUAGES)


CONSUMERS: dict[str, Callable[[str], Cell]] = {
    "layers": computed,
    "kernels": engine.kernels_of,
    "page": in_page,
    "ONNX": written_by(interop.ONNX),
    "PyTorch": written_by(interop.TORCH),
    "C": written_by(interop.C),
    "words": named,
}
"""Name of a consumer → its cell for a kind of layer: what takes it, why nothing does, or None: forgotten."""


def missing() -> list[str]:
    """Return the cells that were forgotten, each as a sentence."""
    return [
        f"the layer `{kind}` has no cell in the table `{consumer}`."
        for kind in KINDS
        for consumer, cell in CONSUMERS.items()
        if cell(kind) is None
    ]


def matrix() -> str:
    """Return the matrix as Markdown, a layer a row."""
    rows = [["layer", "is for", *CONSUMERS], ["---"] * (len(CONSUMERS) + 2)]
    for kind, made in KINDS.items():
        cells = [cell(kind) for cell in CONSUMERS.values()]
        rows.append([made.title, str(made.purpose), *map(written, cells)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def written(cell: Cell) -> str:
    """Write a cell; what is missing, with its reason, in italics."""
    return f"*{cell.reason}*" if isinstance(cell, Missing) else cell or "**forgotten**"


def page_with(table: str) -> str:
    """Return the page with this matrix between its marks."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    return before + BEGIN + table + END + rest.split(END, 1)[1]


if __name__ == "__main__":
    PAGE.write_text(page_with(matrix()), encoding="utf-8", newline="\n")
