"""The network itself, to draw for: the explorer in a frame of the page, where it has room for it."""

from convlens.explorer import rendered, strangers, words_in
from convlens.report.blocks import Command, Frame, Paragraph, Section
from convlens.report.context import PageContext
from convlens.report.report_data import ExperimentRuns

__all__ = ["explorer"]


def explorer(context: PageContext, room: int) -> Section | None:
    """Return the explorer of the network with the most training images that fits, of equals the smallest.

    Args:
        context: the page; its first run of an experiment stands for it.
        room: so many bytes there are for it.

    Returns:
        The section, or None where not even the smallest fits, or the explorer can compute none to its end.
    """
    answering = [one for one in context.report.finished if not strangers(one.spec)]
    for experiment in sorted(answering, key=_place):
        page = rendered(experiment.runs[0], context.say.lang, embedded=True)
        if len(page.encode()) <= room:
            return _section(context, experiment, page)
    return None


def _place(experiment: ExperimentRuns) -> tuple[int, int]:
    return -experiment.config.train_size, experiment.spec.n_parameters


def _section(context: PageContext, experiment: ExperimentRuns, page: str) -> Section:
    say, network = words_in(context.say.lang), experiment.spec.name
    frame = Frame(
        title=say("page.open", network=network),
        page=page,
        instead=say("page.instead"),
    )
    intro = say("page.intro", network=network, images=experiment.config.train_size)
    several = [Paragraph(say("page.chosen"), "note")] if len(context.report.finished) > 1 else []
    alone = Command("convlens explore RUN --out explorer.html", say("page.alone"))
    return Section("explorer", say("page.title"), (Paragraph(intro), frame, *several, alone))
