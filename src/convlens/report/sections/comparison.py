"""Any experiments side by side: accuracies with their verdicts, curves and filters on common scales."""

from functools import partial

from convlens import inspection
from convlens.findings import filter_layers
from convlens.report.blocks import Block, Cell, Figure, Section, Table
from convlens.report.context import PageContext
from convlens.report.report_data import ExperimentRuns
from convlens.report.sections.verdicts import difference_cell, verdict_rule

__all__ = ["comparison"]

_MOST = 12  # experiments whose curves and filters are shown side by side


def comparison(context: PageContext) -> Section | None:
    """Return the section that compares everything with the first experiment; None where there is only one."""
    say, experiments = context.say, context.report.finished
    if len(experiments) < 2:
        return None
    runs = [run for experiment in experiments for run in experiment.runs]
    dots = context.album.picture("comparison", runs, partial(inspection.comparison, runs, lang=say.lang))
    blocks: list[Block] = [Figure(dots, say("compare.caption")), *_verdicts(context, experiments)]
    if len(experiments) <= _MOST:
        blocks += [
            context.curves("comparison-curves", runs, say("compare.curves")),
            *_filters(context, experiments),
        ]
    return Section("comparison", say("compare.title"), tuple(blocks))


def _verdicts(context: PageContext, experiments: tuple[ExperimentRuns, ...]) -> list[Block]:
    say, first = context.say, experiments[0]
    compared = [one for one in experiments[1:] if context.report.against(one) is not None]
    if not compared:
        return []
    rows = tuple((Cell(experiment.name), difference_cell(context, experiment)) for experiment in compared)
    sizes = [one.validation.n_images for one in (first, *compared) if one.validation is not None]
    head = (
        Cell(say("compare.experiment")),
        Cell(say("compare.difference", first=first.name), number=True),
    )
    caption = say("compare.table", n=say.counts(sizes))
    rules = [context.rule(one.text) for one in verdict_rule(context)]
    return [Table(caption=caption, head=head, rows=rows), *rules]


def _filters(context: PageContext, experiments: tuple[ExperimentRuns, ...]) -> list[Block]:
    """Return the filters of the layers that several experiments have, of each network on one scale."""
    say, blocks = context.say, list[Block]()
    for base in context.report.bases():
        alike = [experiment.runs[0] for experiment in experiments if experiment.spec == base.spec]
        if len(alike) < 2:
            continue
        for layer in filter_layers(alike[0]):
            draw = partial(inspection.side_by_side, alike, layer, lang=say.lang)
            picture = context.album.picture(f"comparison-{base.spec.name}-{layer}", alike, draw)
            caption = say("compare.filters", network=base.spec.name, parameter=layer)
            blocks.append(Figure(picture, caption))
    return blocks
