"""Learning rates compared: the report's verdict, our runs, and what so many seeds can tell."""

from convlens import inspection
from convlens.report.album import EmbeddedPicture
from convlens.report.blocks import Block, Cell, Chart, Figure, Paragraph, Section, Table
from convlens.report.context import PageContext, rate
from convlens.report.report_data import ExperimentRuns
from convlens.report.sections.conclusion import conclusion, edge
from convlens.report.sections.filters import rate_figures
from convlens.report.sections.verdicts import difference_cell, verdict_rule
from convlens.study import FIGURES, Measured, Verdict
from convlens.study.stated import Stated

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
    seeds = {len(experiment.runs) for experiment in experiments}
    allowed = [say("rate.one_seed_allows" if seeds == {1} else "rate.seeds_allow", n=n) for n in seeds]
    return [
        _our_table(context, base, experiments),
        *_best(context, base, experiments),
        *(Paragraph(text) for text in allowed if len(seeds) == 1),
        *(context.rule(one.text) for one in verdict_rule(context)),
    ]


def _best(context: PageContext, base: ExperimentRuns, experiments: tuple[ExperimentRuns, ...]) -> list[Block]:
    """Say which rate is highest on held-out images, whether it is told from the next, and of the edge."""
    say = context.say
    held_out = [(one, one.validation) for one in experiments]
    judged = [(one, measured) for one, measured in held_out if measured is not None]
    if len(judged) < len(experiments):
        return []
    best, measured = max(judged, key=lambda pair: pair[1].mean)
    texts = [
        say(
            "rate.best",
            lr=rate(best.config.lr),
            n_held_out=measured.n_images,
            validation=context.percent(measured),
            seeds=context.seeds(len(best.runs)),
            test=context.percent(best.test),
            n_test=best.test.n_images,
        )
    ]
    two = context.report.top_two(base)
    if two is not None and two[0] is best and two[2].verdict is Verdict.UNKNOWN:
        texts.append(say("rate.top_two", lr=rate(best.config.lr), second=rate(two[1].config.lr)))
    return [Paragraph(context.sentences([*texts, *edge(context, base)]))]


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
        cells += [_accuracy(context, experiment.validation), difference_cell(context, experiment)]
    return (*cells, _accuracy(context, experiment.test))


def _accuracy(context: PageContext, measured: Measured | None) -> Cell:
    if measured is None:
        return Cell("—", number=True)
    note = context.span(measured) if len(measured.values) > 1 else ""
    return Cell(context.percent(measured), note=note, number=True)


def _the_report(context: PageContext, base: ExperimentRuns) -> list[Block]:
    """Say what the report concluded, and hold its figures against ours on the same images."""
    say = context.say
    stated = [one for one in context.report.rates_of(base) if one.reported is not None]
    if not stated or context.report.quick:
        return []
    n, told = base.head.n_images, conclusion(context, base)
    heads = (
        say("results.lr"),
        say("results.reported"),
        say("predict.theirs", n=n),
        say("predict.ours", n=n),
        say("predict.verdict"),
    )
    numbers = (False, True, True, True, False)
    rows = tuple(_figure(context, one, one.reported) for one in stated if one.reported is not None)
    rule = say("predict.rule", n=context.report.n_figures, level=f"{100 * FIGURES:g}", images=n)
    concluded: list[Block] = []
    if told is not None:
        concluded = [Paragraph(told), context.rule(say("rate.power", images=n))]
    return [
        *concluded,
        Table(
            caption=say("predict.caption", n=n),
            head=tuple(Cell(text, number=number) for text, number in zip(heads, numbers, strict=True)),
            rows=rows,
        ),
        context.rule(rule),
    ]


def _figure(context: PageContext, experiment: ExperimentRuns, reported: float) -> tuple[Cell, ...]:
    """Return a row: the report's figure, the counts it stands for, ours of the same images, the verdict."""
    say, head = context.say, experiment.head
    return (
        Cell(rate(experiment.config.lr)),
        Cell(context.stated(reported), number=True),
        Cell(say.counts(Stated(reported).counts(head.n_images)), number=True),
        Cell(say.counts([head.n_images - wrong for wrong in head.wrong]), number=True),
        Cell(say(_EXPECTED[context.report.as_expected(experiment)])),
    )


_EXPECTED = {True: "predict.inside", False: "predict.outside", None: "verdict.one_seed"}
