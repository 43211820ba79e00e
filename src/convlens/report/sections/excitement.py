"""What excites a filter: the patches of test images to which it responds most."""

from functools import partial

from convlens import inspection
from convlens.findings import filter_layers
from convlens.report.blocks import Figure, Paragraph, Section
from convlens.report.edition import Edition
from convlens.report.material import Entry
from convlens.report.sections.mistakes import best_trained

__all__ = ["excitement"]


def excitement(edition: Edition) -> Section | None:
    """Return the patches of each network's run with the most training images; None for a quick look."""
    say, material = edition.say, edition.material
    if material.quick:
        return None
    shown = [entry for base in material.bases() if (entry := best_trained(edition, base)) is not None]
    figures = [_figure(edition, entry, layer) for entry in shown for layer in filter_layers(entry.runs[0])]
    if not figures:
        return None
    return Section("excitement", say("excitement.title"), (Paragraph(say("excitement.intro")), *figures))


def _figure(edition: Edition, entry: Entry, layer: str) -> Figure:
    run, say = entry.runs[0], edition.say
    draw = partial(inspection.excitement, run, layer, lang=say.lang)
    picture = edition.album.picture(f"{entry.name}-excitement-{layer}", [run], draw)
    caption = say("excitement.caption", network=entry.spec.name, parameter=layer, run=edition.run(entry))
    return Figure(picture, caption)
