"""What excites a filter: the patches of test images to which it responds most."""

from functools import partial

from convlens import inspection
from convlens.findings import filter_layers
from convlens.report.blocks import Block, Figure, Paragraph, Section
from convlens.report.context import PageContext
from convlens.report.report_data import ExperimentRuns
from convlens.report.sections.mistakes import best_trained

__all__ = ["excitement"]


def excitement(context: PageContext) -> Section | None:
    """Return the patches of each network's run with the most training images; None for a quick look."""
    say, report = context.say, context.report
    if report.quick:
        return None
    shown = [experiment for base in report.bases() if (experiment := best_trained(context, base)) is not None]
    figures = [
        _figure(context, experiment, layer)
        for experiment in shown
        for layer in filter_layers(experiment.runs[0])
    ]
    if not figures:
        return None
    blocks: tuple[Block, ...] = (Paragraph(say("excitement.intro")), *figures)
    return Section("excitement", say("excitement.title"), blocks, folded=True)


def _figure(context: PageContext, experiment: ExperimentRuns, layer: str) -> Figure:
    run, say = experiment.runs[0], context.say
    draw = partial(inspection.excitement, run, layer, lang=say.lang)
    picture = context.album.picture(f"{experiment.name}-excitement-{layer}", [run], draw)
    caption = say(
        "excitement.caption", network=experiment.spec.name, parameter=layer, run=context.run(experiment)
    )
    return Figure(picture, caption)
