"""The networks themselves, to draw for: the explorer in a frame of the page, where it has room for it."""

from collections.abc import Sequence

from convlens.explorer import ROOM, rendered, strangers, subject
from convlens.explorer.words import words_about
from convlens.report.blocks import Command, Frame, Paragraph, Section
from convlens.report.context import PageContext
from convlens.report.report_data import ExperimentRuns
from convlens.runs import speaks_of_digits

__all__ = ["explorer"]


def explorer(context: PageContext, room: int) -> Section | None:
    """Return the explorer of the page's networks, each trained on as many images as it was on this page.

    Args:
        context: the page; its first run of an experiment stands for it.
        room: so many bytes there are for it; it takes at most `convlens.explorer.ROOM`. Where not all
            networks fit, those with the fewest images are left out, of equals the largest.

    Returns:
        The section, or None where not even the smallest fits, or the explorer can compute none to its end.
    """
    if room < 1:
        return None
    chosen = sorted(_one_a_network(context.report.finished), key=_place)
    for most in range(len(chosen), 0, -1):
        shown = [one for one in context.report.finished if one in chosen[:most]]
        runs = [one.runs[0] for one in shown]
        page = rendered(runs, context.say.lang, embedded=True, room=min(room, ROOM))
        if len(page.encode()) <= room:
            return _section(context, shown, page)
    return None


def _one_a_network(finished: Sequence[ExperimentRuns]) -> list[ExperimentRuns]:
    """Return one experiment a network that can share a drawing pad, the one with the most training images."""
    answering = sorted((one for one in finished if not strangers(one.spec)), key=_place)
    found: dict[str, ExperimentRuns] = {}
    for one in answering:
        if not found or subject(one.runs[0]) == subject(next(iter(found.values())).runs[0]):
            found.setdefault(one.spec.name, one)
    return list(found.values())


def _place(experiment: ExperimentRuns) -> tuple[int, int]:
    return -experiment.config.train_size, experiment.spec.n_parameters


def _section(context: PageContext, shown: Sequence[ExperimentRuns], page: str) -> Section:
    say = words_about(context.say.lang, digits=speaks_of_digits(shown[0].runs[0]))
    networks = say.listing([one.spec.name for one in shown])
    frame = Frame(title=say("page.open", networks=networks), page=page, instead=say("page.instead"))
    intro = say("page.intro" if len(shown) > 1 else "page.intro_one", networks=networks)
    several = [Paragraph(say("page.chosen"), "note")] if len(context.report.finished) > len(shown) else []
    alone = Command(f"convlens explore RUN --out explorer.html --lang {say.lang}", say("page.alone"))
    return Section("explorer", say("page.title"), (Paragraph(intro), frame, *several, alone))
