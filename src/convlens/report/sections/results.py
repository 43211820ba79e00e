"""Results at a glance: every experiment with our figures, the report's beside them."""

from convlens.findings import baseline
from convlens.numerals import digits_for
from convlens.report.blocks import Block, Cell, Paragraph, Section, Table
from convlens.report.context import PageContext, rate
from convlens.report.report_data import ExperimentRuns
from convlens.report.sections.nothing import nothing
from convlens.study.statistics import Measured

__all__ = ["hardly_begun", "results"]

_GUESSING = 0.5
"""A network that is right less often has hardly begun to learn."""


def results(context: PageContext) -> Section:
    """Return the table of results."""
    say, report = context.say, context.report
    several = any(len(experiment.runs) > 1 for experiment in report.finished)
    blocks: list[Block] = [
        _table(context),
        Paragraph(say("results.several" if several else "results.single"), "note"),
    ]
    blocks += _baselines(context)
    for base in report.bases():
        blocks += [Paragraph(text, "note") for text in hardly_begun(context, base)]
    idle = [nothing(context, experiment) for experiment in report.finished]
    blocks += [Paragraph(text, "note") for text in idle if text is not None]
    if report.shows_reported:
        n = int(report.all_runs[0].results["test_head"])
        blocks.append(Paragraph(say("results.reported_note", head=n), "note"))
    return Section("results", say("results.title"), tuple(blocks))


def _baselines(context: PageContext) -> list[Block]:
    """Say what accuracies are held against, once for each set of test images where it matters."""
    say, texts = context.say, list[str]()
    for experiment in context.report.finished:
        found = baseline(experiment.runs)
        if found.matters and nothing(context, experiment) is None:
            share = say.percent(found.share, digits_for(found.n_images))
            texts.append(say("results.baseline", name=found.name, share=share, tests=found.n_images))
    return [Paragraph(text, "note") for text in dict.fromkeys(texts)]


def hardly_begun(context: PageContext, base: ExperimentRuns) -> list[str]:
    """Say of a network that is right less than half the time that a quick look makes too few updates."""
    if not context.report.quick or not base.runs or base.test.mean >= _GUESSING:
        return []
    return [
        context.say(
            "status.hardly_begun",
            network=base.spec.name,
            updates=base.config.n_steps,
            accuracy=context.percent(base.test),
        )
    ]


def _table(context: PageContext) -> Table:
    say, report = context.say, context.report
    ours, both = report.shows_reported, _has_both(context)
    head_sizes, sizes = (
        say.counts([int(one.results[n]) for one in report.all_runs]) for n in ("test_head", "n_test")
    )
    head = (
        say("results.network"),
        *([say("results.head" if ours else "results.head_alone", n=head_sizes)] if both else []),
        *([say("results.reported")] if ours else []),
        say("results.all" if ours else "results.all_alone", n=sizes),
        say("results.seeds"),
        say("results.images"),
        say("results.epochs"),
        say("results.lr"),
    )
    return Table(
        caption=say("results.caption" if report.shows_reported else "results.caption_ours"),
        head=tuple(Cell(text, number=column > 0) for column, text in enumerate(head)),
        rows=tuple(_row(context, experiment) for experiment in _in_order(context)),
    )


def _has_both(context: PageContext) -> bool:
    """Say whether the first test images are not all of them, or figures of the report stand for them."""
    sizes = ((int(run.results["test_head"]), int(run.results["n_test"])) for run in context.report.all_runs)
    return context.report.shows_reported or any(head != whole for head, whole in sizes)


def _in_order(context: PageContext) -> list[ExperimentRuns]:
    """Return the experiments by network, as the page has them, then by images and learning rate."""
    networks = [base.spec for base in context.report.bases()]

    def place(experiment: ExperimentRuns) -> tuple[int, int, float]:
        config = experiment.config
        return networks.index(experiment.spec), config.train_size, config.lr

    return sorted(context.report.experiments, key=place)


def _row(context: PageContext, experiment: ExperimentRuns) -> tuple[Cell, ...]:
    say, report, config = context.say, context.report, experiment.config
    seeds = f"{len(experiment.runs):,}"
    if experiment.missing:
        seeds = say("results.seeds_in", n=len(experiment.runs), all=experiment.n_planned)
    reported = experiment.reported
    return (
        Cell(experiment.spec.name, note=experiment.name),
        *([_accuracy(context, experiment.head if experiment.runs else None)] if _has_both(context) else []),
        *(
            [Cell("—" if reported is None else context.stated(reported), number=True)]
            if report.shows_reported
            else []
        ),
        _accuracy(context, experiment.test if experiment.runs else None),
        Cell(seeds, number=True),
        Cell(f"{config.train_size:,}", number=True),
        Cell(f"{config.epochs:,}", number=True),
        Cell(rate(config.lr), number=True),
    )


def _accuracy(context: PageContext, measured: Measured | None) -> Cell:
    if measured is None:
        return Cell(context.say("results.not_in"), number=True)
    note = context.span(measured) if len(measured.values) > 1 else ""
    return Cell(context.percent(measured), note=note, number=True, strong=True)
