"""The network itself, to draw for: the explorer in a frame of the page, where it has room for it."""

from convlens.explorer import rendered, strangers, words_in
from convlens.report.blocks import Command, Frame, Paragraph, Section
from convlens.report.edition import Edition
from convlens.report.material import Entry

__all__ = ["explorer"]


def explorer(edition: Edition, room: int) -> Section | None:
    """Return the explorer of the network with the most training images that fits, of equals the smallest.

    Args:
        edition: the page; its first run of an experiment stands for it.
        room: so many bytes there are for it.

    Returns:
        The section, or None where not even the smallest fits, or the explorer can compute none to its end.
    """
    answering = [entry for entry in edition.material.finished if not strangers(entry.spec)]
    for entry in sorted(answering, key=_place):
        page = rendered(entry.runs[0], edition.say.lang, embedded=True)
        if len(page.encode()) <= room:
            return _section(edition, entry, page)
    return None


def _place(entry: Entry) -> tuple[int, int]:
    return -entry.config.train_size, entry.spec.n_parameters


def _section(edition: Edition, entry: Entry, page: str) -> Section:
    say, network = words_in(edition.say.lang), entry.spec.name
    frame = Frame(
        title=say("page.open", network=network),
        page=page,
        instead=say("page.instead"),
    )
    intro = say("page.intro", network=network, images=entry.config.train_size)
    several = [Paragraph(say("page.chosen"), "note")] if len(edition.material.finished) > 1 else []
    alone = Command("convlens explore RUN --out explorer.html", say("page.alone"))
    return Section("explorer", say("page.title"), (Paragraph(intro), frame, *several, alone))
