"""Learning rates compared: the report's verdict, our runs, and what so many seeds can tell."""

from convlens import inspection
from convlens.report.album import EmbeddedPicture
from convlens.report.blocks import Block, Cell, Chart, Figure, Paragraph, Section, Table
from convlens.report.context import PageContext, rate
from convlens.report.report_data import ExperimentRuns
from convlens.report.sections.filters import rate_figures
from convlens.report.sections.verdicts import RULE_SAME, difference_cell
from convlens.study.statistics import Interval, Measured, difference, one_run, wilson

__all__ = ["learning_rate"]


def learning_rate(context: PageContext, base: ExperimentRuns) -> Section | None:
    """Return the section on learning rates, or None where only one was tried."""
    say, experiments = context.say, context.report.rates_of(base)
    if len(experiments) < 2 or not base.runs:
        return None
    blocks: list[Block] = [
        Figure(_dots(context, experiments), say("rate.caption")),
        *_our_runs(context, base, experiments),
        *_the_report(context, base),
        *_predicted(context, experiments),
        _curves(context, experiments),
    ]
    if not context.report.quick:  # a quick look does without them
        blocks += rate_figures(context, experiments)
    return Section("learning-rate", say("rate.title"), tuple(blocks))


def _dots(context: PageContext, experiments: tuple[ExperimentRuns, ...]) -> EmbeddedPicture:
    groups = {experiment.config.lr: experiment.runs for experiment in experiments}
    reported = {
        experiment.config.lr: experiment.reported
        for experiment in experiments
        if experiment.reported is not None and not context.report.quick
    }
    return context.album.picture(
        "learning-rate",
        [run for experiment in experiments for run in experiment.runs],
        lambda: inspection.learning_rates(groups, reported=reported, lang=context.say.lang),
        reported,
    )


def _curves(context: PageContext, experiments: tuple[ExperimentRuns, ...]) -> Chart:
    runs = [run for experiment in experiments for run in experiment.runs]
    return context.curves("learning-rate-curves", runs, context.say("rate.curves"), loss=False)


def _our_runs(
    context: PageContext, base: ExperimentRuns, experiments: tuple[ExperimentRuns, ...]
) -> list[Block]:
    """Say what our runs show: judged on held-out images, as a choice must be."""
    say = context.say
    fewest = min(len(experiment.runs) for experiment in experiments)
    blocks: list[Block] = [_our_table(context, base, experiments)]
    judged = [(experiment, experiment.validation) for experiment in experiments]
    held_out = [(experiment, measured) for experiment, measured in judged if measured is not None]
    if len(held_out) == len(experiments):
        best, measured = max(held_out, key=lambda pair: pair[1].mean)
        blocks.append(
            Paragraph(
                say(
                    "rate.best",
                    lr=rate(best.config.lr),
                    n_held_out=measured.n_images,
                    validation=context.percent(measured),
                    test=context.percent(best.test),
                    n_test=best.test.n_images,
                )
            )
        )
    blocks.append(Paragraph(say("rate.seeds_allow" if fewest > 1 else "rate.one_seed_allows", n=fewest)))
    if fewest > 1:
        blocks.append(Paragraph(say("rate.rule", same=RULE_SAME), "note"))
    return blocks


def _our_table(context: PageContext, base: ExperimentRuns, experiments: tuple[ExperimentRuns, ...]) -> Table:
    say, measured = context.say, base.validation
    heads = [say("results.lr"), say("results.seeds")]
    if measured is not None:
        heads += [say("rate.held_out", n=measured.n_images), say("rate.difference", lr=rate(base.config.lr))]
    heads.append(say("results.all", n=base.test.n_images))
    return Table(
        caption=say("rate.table"),
        head=tuple(Cell(text, number=column > 0) for column, text in enumerate(heads)),
        rows=tuple(_our_row(context, base, experiment) for experiment in experiments),
    )


def _our_row(context: PageContext, base: ExperimentRuns, experiment: ExperimentRuns) -> tuple[Cell, ...]:
    cells = [Cell(rate(experiment.config.lr)), Cell(f"{len(experiment.runs):,}", number=True)]
    if base.validation is not None:
        cells += [_accuracy(context, experiment.validation), difference_cell(context, base, experiment)]
    return (*cells, _accuracy(context, experiment.test))


def _accuracy(context: PageContext, measured: Measured | None) -> Cell:
    if measured is None:
        return Cell("—", number=True)
    note = context.span(measured) if len(measured.values) > 1 else ""
    return Cell(context.percent(measured), note=note, number=True)


def _span(context: PageContext, interval: Interval, digits: int = 1) -> str:
    return context.say.point_span(interval.low, interval.high, digits)


def _the_report(context: PageContext, base: ExperimentRuns) -> list[Block]:
    """Hold the report's figures against what one run on so many pictures can tell."""
    say, before = context.say, base.reported
    others = context.report.other_rates(base)
    stated = [(e, e.reported) for e in others if e.reported is not None]
    if before is None or not stated or context.report.quick:
        return []
    n = base.head.n_images
    around = wilson(round(before * n), n)
    rows = tuple(_claim(context, before, experiment, after, n) for experiment, after in stated)
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


def _predicted(context: PageContext, experiments: tuple[ExperimentRuns, ...]) -> list[Block]:
    """Hold each of the report's figures against what one run of ours on as many images may come out as."""
    say = context.say
    stated = [(e, e.reported) for e in experiments if e.reported is not None]
    if not stated or context.report.quick:
        return []
    n = stated[0][0].head.n_images
    heads = (say("results.lr"), say("results.reported"), say("predict.interval"), say("predict.verdict"))
    rows = []
    for experiment, reported in stated:
        band = one_run(experiment.test.values, n)
        verdict = say("predict.inside" if band.holds(reported) else "predict.outside")
        span = say.percents(band.low, band.high)
        rows.append(
            (
                Cell(rate(experiment.config.lr)),
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
    if min(len(experiment.runs) for experiment, _ in stated) == 1:
        blocks.append(Paragraph(say("predict.one_seed")))
    return [*blocks, Paragraph(say("predict.rule"), "note")]


def _claim(
    context: PageContext, before: float, experiment: ExperimentRuns, after: float, n: int
) -> tuple[Cell, ...]:
    say = context.say
    right_before, right_after = round(before * n), round(after * n)
    found = difference(right_before, right_after, n)
    verdict_key = "claim.within" if found.holds(0) else "claim.beyond"
    return (
        Cell(rate(experiment.config.lr)),
        Cell(say.percent(after), number=True),
        Cell(f"{right_after - right_before:+,}".replace("-", "\N{MINUS SIGN}"), number=True),
        Cell(_span(context, found), number=True),
        Cell(say(verdict_key)),
    )
