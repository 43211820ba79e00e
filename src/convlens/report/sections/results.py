"""Results at a glance: every experiment with our figures, the report's beside them."""

from convlens.report.blocks import Block, Cell, Paragraph, Section, Table
from convlens.report.edition import Edition, rate
from convlens.report.material import Entry
from convlens.study.statistics import Measured

__all__ = ["hardly_begun", "results"]

_GUESSING = 0.5
"""A network that is right less often has hardly begun to learn."""


def results(edition: Edition) -> Section:
    """Return the table of results."""
    say, material = edition.say, edition.material
    several = any(len(entry.runs) > 1 for entry in material.finished)
    blocks: list[Block] = [
        _table(edition),
        Paragraph(say("results.several" if several else "results.single"), "note"),
    ]
    for base in material.bases():
        blocks += [Paragraph(text, "note") for text in hardly_begun(edition, base)]
    if material.shows_reported:
        n = int(material.all_runs[0].results["test_head"])
        blocks.append(Paragraph(say("results.reported_note", head=n), "note"))
    return Section("results", say("results.title"), tuple(blocks))


def hardly_begun(edition: Edition, base: Entry) -> list[str]:
    """Say of a network that is right less than half the time that a quick look makes too few updates."""
    if not edition.material.quick or not base.runs or base.test.mean >= _GUESSING:
        return []
    return [
        edition.say(
            "status.hardly_begun",
            network=base.spec.name,
            updates=edition.updates(base),
            accuracy=edition.percent(base.test),
        )
    ]


def _table(edition: Edition) -> Table:
    say, material = edition.say, edition.material
    measured, ours = material.all_runs[0].results, material.shows_reported
    head = (
        say("results.network"),
        say("results.head" if ours else "results.head_alone", n=int(measured["test_head"])),
        say("results.all" if ours else "results.all_alone", n=int(measured["n_test"])),
        *([say("results.reported")] if material.shows_reported else []),
        say("results.seeds"),
        say("results.images"),
        say("results.epochs"),
        say("results.lr"),
    )
    return Table(
        caption=say("results.caption" if material.shows_reported else "results.caption_ours"),
        head=tuple(Cell(text, number=column > 0) for column, text in enumerate(head)),
        rows=tuple(_row(edition, entry) for entry in edition.material.entries),
    )


def _row(edition: Edition, entry: Entry) -> tuple[Cell, ...]:
    say, material, config = edition.say, edition.material, entry.config
    seeds = f"{len(entry.runs):,}"
    if entry.missing:
        seeds = say("results.seeds_in", n=len(entry.runs), all=entry.n_planned)
    reported = entry.experiment.reported
    return (
        Cell(entry.spec.name, note=entry.name),
        _accuracy(edition, entry.head if entry.runs else None),
        _accuracy(edition, entry.test if entry.runs else None),
        *(
            [Cell("—" if reported is None else say.percent(reported), number=True)]
            if material.shows_reported
            else []
        ),
        Cell(seeds, number=True),
        Cell(f"{config.train_size:,}", number=True),
        Cell(f"{config.epochs:,}", number=True),
        Cell(rate(config.lr), number=True),
    )


def _accuracy(edition: Edition, measured: Measured | None) -> Cell:
    if measured is None:
        return Cell(edition.say("results.not_in"), number=True)
    note = edition.span(measured) if len(measured.values) > 1 else ""
    return Cell(edition.percent(measured), note=note, number=True, strong=True)
