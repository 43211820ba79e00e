"""Learning rates compared: the report's verdict, our runs, and what so many seeds can tell."""

from dataclasses import dataclass
from statistics import fmean

from convlens import inspection
from convlens.report.blocks import Block, Cell, Figure, Paragraph, Section, Table
from convlens.report.edition import Edition, rate
from convlens.report.material import Entry
from convlens.report.pictures import Picture
from convlens.report.sections.network import inside_figures
from convlens.study.statistics import Interval, Measured, difference, paired_difference, wilson

__all__ = ["Verdict", "learning_rate", "verdict"]

SAME = 0.002
"""Same for practical purposes: the whole interval of the difference is closer to zero than this."""


@dataclass(frozen=True)
class Verdict:
    """How a learning rate did against the base, on held-out images, paired by seed.

    Attributes:
        mean: of the differences.
        interval: of that mean, or None with one seed.
        key: of the verdict's words.
    """

    mean: float
    interval: Interval | None
    key: str


def verdict(base: Entry, other: Entry) -> Verdict | None:
    """Compare two experiments on the seeds that both have; None where there is none or nothing held out."""
    if base.validation is None or other.validation is None:
        return None
    accuracies = [{run.seed: run.results["validation_accuracy"] for run in e.runs} for e in (base, other)]
    seeds = sorted(accuracies[0].keys() & accuracies[1].keys())
    if not seeds:
        return None
    before, after = ([found[seed] for seed in seeds] for found in accuracies)
    mean, interval = fmean(after) - fmean(before), paired_difference(before, after)
    return Verdict(mean, interval, _key(interval))


def _key(interval: Interval | None) -> str:
    if interval is None:
        return "verdict.one_seed"
    if interval.low > 0:
        return "verdict.better"
    if interval.high < 0:
        return "verdict.worse"
    return "verdict.same" if max(-interval.low, interval.high) <= SAME else "verdict.unknown"


def learning_rate(edition: Edition, base: Entry) -> Section | None:
    """Return the section on learning rates, or None where only one was tried."""
    say, entries = edition.say, edition.material.rates_of(base)
    if len(entries) < 2 or not base.runs:
        return None
    blocks: list[Block] = [
        Figure(_dots(edition, entries), say("rate.caption")),
        *_our_runs(edition, base, entries),
        *_the_report(edition, base),
        Figure(_curves(edition, entries), say("rate.curves"), _curves(edition, entries, narrow=True)),
    ]
    if not edition.material.study.quick:  # a quick look does without them: they take a third of the time
        blocks += [_one_rate(edition, entry) for entry in entries if entry is not base]
    return Section("learning-rate", say("rate.title"), tuple(blocks))


def _dots(edition: Edition, entries: tuple[Entry, ...]) -> Picture:
    groups = {entry.config.lr: entry.runs for entry in entries}
    reported = {
        entry.config.lr: entry.experiment.reported
        for entry in entries
        if entry.experiment.reported is not None and not edition.material.study.quick
    }
    return edition.album.picture(
        "learning-rate",
        [run for entry in entries for run in entry.runs],
        lambda: inspection.learning_rates(groups, reported=reported, lang=edition.say.lang),
        reported,
    )


def _curves(edition: Edition, entries: tuple[Entry, ...], *, narrow: bool = False) -> Picture:
    runs = [run for entry in entries for run in entry.runs]
    return edition.album.picture(
        f"learning-rate-curves{'-narrow' if narrow else ''}",
        runs,
        lambda: inspection.learning_curves(runs, lang=edition.say.lang, narrow=narrow),
        *(["narrow"] if narrow else []),
    )


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
        blocks.append(Paragraph(say("rate.rule", same=f"{100 * SAME:.1f}"), "note"))
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
        cells += [_accuracy(edition, entry.validation), _difference(edition, base, entry)]
    return (*cells, _accuracy(edition, entry.test))


def _accuracy(edition: Edition, measured: Measured | None) -> Cell:
    if measured is None:
        return Cell("—", number=True)
    note = edition.span(measured) if len(measured.values) > 1 else ""
    return Cell(edition.percent(measured), note=note, number=True)


def _difference(edition: Edition, base: Entry, entry: Entry) -> Cell:
    say, found = edition.say, verdict(base, entry)
    if entry is base or found is None:
        return Cell("—", number=True)
    text = say.points(found.mean, 2)
    if found.interval is not None:
        text = say("rate.mean_and_interval", mean=text, span=_span(edition, found.interval, 2))
    return Cell(text, note=say(found.key), number=True)


def _span(edition: Edition, interval: Interval, digits: int = 1) -> str:
    return edition.say.point_span(interval.low, interval.high, digits)


def _the_report(edition: Edition, base: Entry) -> list[Block]:
    """Hold the report's figures against what one run on so many pictures can tell."""
    say, before = edition.say, base.experiment.reported
    others = [e for e in edition.material.entries if e.experiment.section == "learning-rate"]
    stated = [(e, e.experiment.reported) for e in others if e.experiment.reported is not None]
    if before is None or not stated or edition.material.study.quick:
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
    return Section(f"{entry.name}-filters", title, inside_figures(edition, entry, scene=False))
