"""All figures of a run in a notebook."""

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from typing import Any

from matplotlib.figure import Figure

from convlens.arguments import as_annotated
from convlens.findings.looks import first_picture
from convlens.findings.oddities import oddities
from convlens.findings.weights import filter_layers
from convlens.inspection.applied import applied
from convlens.inspection.architecture import architecture
from convlens.inspection.class_accuracy import MOST as MOST_CLASSES
from convlens.inspection.class_accuracy import class_accuracy
from convlens.inspection.confusion import confusion
from convlens.inspection.curves import learning_curves
from convlens.inspection.drawing.saving import encoded
from convlens.inspection.drawing.style import alt_text
from convlens.inspection.filters import filters
from convlens.inspection.forming import forming
from convlens.inspection.mistakes import mistakes
from convlens.runs import Run

__all__ = ["RunFigures", "show"]


@dataclass(frozen=True, eq=False)
class RunFigures:
    """Figures by name; a notebook shows them one below the other."""

    figures: dict[str, Figure]

    def _repr_html_(self) -> str:
        """Return the figures as HTML that needs nothing else."""
        return "\n".join(_image(figure) for figure in self.figures.values())

    def __repr__(self) -> str:
        return f"figures of a run: {', '.join(self.figures)}"

    def __getitem__(self, name: str) -> Figure:
        return self.figures[name]


@as_annotated
def show(run: Run, *, lang: str = "en") -> RunFigures:
    """Return what a run learned, for a notebook: architecture, curves, filters, mistakes.

    Args:
        run: a finished run.
        lang: "en", "ko" or "ja".
    """
    figures: dict[str, Figure] = {
        "architecture": architecture(run.spec, lang=lang),
        "curves": learning_curves([run], lang=lang, loss=True),
    }
    options: dict[str, Any] = {"lang": lang}
    for layer in filter_layers(run):
        odd = oddities(run, layer)
        figures[f"filters {layer}"] = filters(run, layer, order="change", odd=odd, **options)
        figures[f"forming {layer}"] = forming(run, layer, **options)
        figures[f"applied {layer}"] = applied(run, first_picture(run), layer=layer, **options)
    figures["confusion"] = confusion(run, lang=lang)
    if run.spec.n_classes <= MOST_CLASSES:
        figures["class accuracy"] = class_accuracy(run, lang=lang)
    figures["mistakes"] = mistakes(run, lang=lang)
    return RunFigures(figures)


def _image(figure: Figure) -> str:
    content = b64encode(encoded(figure, "png")).decode()
    width = round(figure.get_figwidth() * 96)
    alt = escape(alt_text(figure), quote=True)
    return f'<img src="data:image/png;base64,{content}" alt="{alt}" width="{width}">'
