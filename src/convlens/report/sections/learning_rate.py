"""Learning rates compared: the report's verdict, our runs, and what so many seeds can tell."""

from convlens import inspection
from convlens.report.blocks import Block, Cell, Chart, Figure, Paragraph, Section, Table
from convlens.report.edition import Edition, rate
from convlens.report.material import Entry
from convlens.report.pictures import Picture
from convlens.report.sections.filters import rate_figures
from convlens.report.sections.verdicts import RULE_SAME, difference_cell
from convlens.study.statistics import Interval, Measured, difference, one_run, wilson

__all__ = ["learning_rate"]


def learning_rate(edition: Edition, base: Entry) -> Section | None:
    """Return the section on learning rates, or None where only one was tried."""
    say, entries = edition.say, edition.material.rates_of(base)
    if len(entries) < 2 or not base.runs:
        return None
    blocks: list[Block] = [
        Figure(_dots(edition, entries), say("rate.caption")),
        *_our_runs(edition, base, entries),
        *_the_report(edition, base),
        *_predicted(edition, entries),
        _curves(edition, entries),
    ]
    if not edition.material.quick:  # a quick look does without them: they take a third of the time
        blocks += [_one_rate(edition, entry) for entry in entries if entry is not base]
    return Section("learning-rate", say("rate.title"), tuple(blocks))


def _dots(edition: Edition, entries: tuple[Entry, ...]) -> Picture:
    groups = {entry.config.lr: entry.runs for entry in entries}
    reported = {
        entry.config.lr: entry.experiment.reported
        for entry in entries
        if entry.experiment.reported is not None and not edition.material.quick
    }
    return edition.album.picture(
        "learning-rate",
        [run for entry in entries for run in entry.runs],
        lambda: inspection.learning_rates(groups, reported=reported, lang=edition.say.lang),
        reported,
    )


def _curves(edition: Edition, entries: tuple[Entry, ...]) -> Chart:
    runs = [run for entry in entries for run in entry.runs]
    return edition.curves("learning-rate-curves", runs, edition.say("rate.curves"), loss=False)


def _our_runs(edition: Edition, base: Entry, entries: tuple[Entry, ...]) -> list[Block]:
    """Say what our runs show: judged on held-out images, as a choice must be."""
    say = edition.say
    fewest = min(len(entry.runs) for entry in entries)
    blocks: list[Block] = [_our_table(edition, base, entries)]
    judged = [(entry, entry.validation) for entry in entries]
    held_out = [(entry, measured) for entry, measured in judged if measured is not None]
    if len(held_out) == len(entries):
        best, measured = max(held_out, key=lambda pair: pair[1].mean)
        blocks.append(
            Paragraph(
                say(
                    "rate.best",
                    lr=rate(best.config.lr),
                    n_held_out=measured.n_images,
                    validation=edition.percent(measured),
                    test=edition.percent(best.test),
                    n_test=best.test.n_images,
                )
            )
        )
    blocks.append(Paragraph(say("rate.seeds_allow" if fewest > 1 else "rate.one_seed_allows", n=fewest)))
    if fewest > 1:
        blocks.append(Paragraph(say("rate.rule", same=RULE_SAME), "note"))
    return blocks


def _our_table(edition: Edition, base: Entry, entries: tuple[Entry, ...]) -> Table:
    say, measured = edition.say, base.validation
    heads = [say("results.lr"), say("results.seeds")]
    if measured is not None:
        heads += [say("rate.held_out", n=measured.n_images), say("rate.difference", lr=rate(base.config.lr))]
    heads.append(say("results.all", n=base.test.n_images))
    return Table(
        caption=say("rate.table"),
        head=tuple(Cell(text, number=column > 0) for column, text in enumerate(heads)),
        rows=tuple(_our_row(edition, base, entry) for entry in entries),
    )


def _our_row(edition: Edition, base: Entry, entry: Entry) -> tuple[Cell, ...]:
    cells = [Cell(rate(entry.config.lr)), Cell(f"{len(entry.runs):,}", number=True)]
    if base.validation is not None:
        cells += [_accuracy(edition, entry.validation), difference_cell(edition, base, entry)]
    return (*cells, _accuracy(edition, entry.test))


def _accuracy(edition: Edition, measured: Measured | None) -> Cell:
    if measured is None:
        return Cell("—", number=True)
    note = edition.span(measured) if len(measured.values) > 1 else ""
    return Cell(edition.percent(measured), note=note, number=True)


def _span(edition: Edition, interval: Interval, digits: int = 1) -> str:
    return edition.say.point_span(interval.low, interval.high, digits)


def _the_report(edition: Edition, base: Entry) -> list[Block]:
    """Hold the report's figures against what one run on so many pictures can tell."""
    say, before = edition.say, base.experiment.reported
    others = [e for e in edition.material.entries if e.experiment.section == "learning-rate"]
    stated = [(e, e.experiment.reported) for e in others if e.experiment.reported is not None]
    if before is None or not stated or edition.material.quick:
        return []
    n = base.head.n_images
    around = wilson(round(before * n), n)
    rows = tuple(_claim(edition, before, entry, after, n) for entry, after in stated)
    heads = (
        say("results.lr"),
        say("results.reported"),
        say("claim.images", n=n),
        say("claim.interval"),
        say("claim.verdict"),
    )
    intro = say(
        "claim.intro",
        lr=rate(base.config.lr),
        reported=say.percent(before),
        n=n,
        span=say.percents(around.low, around.high),
    )
    numbers = (False, True, True, True, False)
    return [
        Paragraph(intro),
        Table(
            caption=say("claim.caption", lr=rate(base.config.lr), reported=say.percent(before)),
            head=tuple(Cell(text, number=number) for text, number in zip(heads, numbers, strict=True)),
            rows=rows,
        ),
        Paragraph(say("claim.note"), "note"),
    ]


def _predicted(edition: Edition, entries: tuple[Entry, ...]) -> list[Block]:
    """Hold each of the report's figures against what one run of ours on as many images may come out as."""
    say = edition.say
    stated = [(e, e.experiment.reported) for e in entries if e.experiment.reported is not None]
    if not stated or edition.material.quick:
        return []
    n = stated[0][0].head.n_images
    heads = (say("results.lr"), say("results.reported"), say("predict.interval"), say("predict.verdict"))
    rows = []
    for entry, reported in stated:
        band = one_run(entry.test.values, n)
        verdict = say("predict.inside" if band.holds(reported) else "predict.outside")
        span = say.percents(band.low, band.high)
        rows.append(
            (
                Cell(rate(entry.config.lr)),
                Cell(say.percent(reported), number=True),
                Cell(span, number=True),
                Cell(verdict),
            )
        )
    numbers = (False, True, True, False)
    head = tuple(Cell(text, number=number) for text, number in zip(heads, numbers, strict=True))
    blocks: list[Block] = [
        Paragraph(say("predict.intro", n=n)),
        Table(caption=say("predict.caption", n=n), head=head, rows=tuple(rows)),
    ]
    if min(len(entry.runs) for entry, _ in stated) == 1:
        blocks.append(Paragraph(say("predict.one_seed")))
    return [*blocks, Paragraph(say("predict.rule"), "note")]


def _claim(edition: Edition, before: float, entry: Entry, after: float, n: int) -> tuple[Cell, ...]:
    say = edition.say
    right_before, right_after = round(before * n), round(after * n)
    found = difference(right_before, right_after, n)
    verdict_key = "claim.within" if found.holds(0) else "claim.beyond"
    return (
        Cell(rate(entry.config.lr)),
        Cell(say.percent(after), number=True),
        Cell(f"{right_after - right_before:+,}".replace("-", "\N{MINUS SIGN}"), number=True),
        Cell(_span(edition, found), number=True),
        Cell(say(verdict_key)),
    )


def _one_rate(edition: Edition, entry: Entry) -> Section:
    title = edition.say("rate.heading", lr=rate(entry.config.lr))
    return Section(f"{entry.anchor}-filters", title, rate_figures(edition, entry))
