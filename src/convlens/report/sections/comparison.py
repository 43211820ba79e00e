"""Any experiments side by side: accuracies with their verdicts, curves and filters on common scales."""

from functools import partial

from convlens import inspection
from convlens.findings import filter_layers
from convlens.report.blocks import Block, Cell, Figure, Paragraph, Section, Table
from convlens.report.edition import Edition
from convlens.report.material import Entry
from convlens.report.sections.verdicts import RULE_SAME, difference_cell, verdict

__all__ = ["comparison"]

_MOST = 12  # experiments whose curves and filters are shown side by side


def comparison(edition: Edition) -> Section | None:
    """Return the section that compares everything with the first experiment; None where there is only one."""
    say, entries = edition.say, edition.material.finished
    if len(entries) < 2:
        return None
    runs = [run for entry in entries for run in entry.runs]
    dots = edition.album.picture("comparison", runs, partial(inspection.comparison, runs, lang=say.lang))
    blocks: list[Block] = [Figure(dots, say("compare.caption")), *_verdicts(edition, entries)]
    if len(entries) <= _MOST:
        blocks += [
            edition.curves("comparison-curves", runs, say("compare.curves")),
            *_filters(edition, entries),
        ]
    return Section("comparison", say("compare.title"), tuple(blocks))


def _verdicts(edition: Edition, entries: tuple[Entry, ...]) -> list[Block]:
    say, first = edition.say, entries[0]
    compared = [entry for entry in entries[1:] if verdict(first, entry) is not None]
    if not compared:
        return []
    rows = tuple((Cell(entry.name), difference_cell(edition, first, entry)) for entry in compared)
    measured = first.validation
    head = (
        Cell(say("compare.experiment")),
        Cell(say("compare.difference", first=first.name), number=True),
    )
    caption = say("compare.table", n=measured.n_images if measured is not None else 0)
    return [
        Table(caption=caption, head=head, rows=rows),
        Paragraph(say("rate.rule", same=RULE_SAME), "note"),
    ]


def _filters(edition: Edition, entries: tuple[Entry, ...]) -> list[Block]:
    """Return the filters of the layers that several experiments have, of each network on one scale."""
    say, blocks = edition.say, list[Block]()
    for base in edition.material.bases():
        alike = [entry.runs[0] for entry in entries if entry.spec == base.spec]
        if len(alike) < 2:
            continue
        for layer in filter_layers(alike[0]):
            draw = partial(inspection.side_by_side, alike, layer, lang=say.lang)
            picture = edition.album.picture(f"comparison-{base.spec.name}-{layer}", alike, draw)
            caption = say("compare.filters", network=base.spec.name, parameter=layer)
            blocks.append(Figure(picture, caption))
    return blocks
