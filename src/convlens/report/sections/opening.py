"""The first screen: the sentences of the first section with two pictures beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from convlens import inspection
from convlens.report.blocks import Beside, Block, Figure, Opening, Points, Section
from convlens.report.context import PageContext
from convlens.report.sections.mistakes import best_trained

__all__ = ["with_pictures"]


def with_pictures(context: PageContext, minute: Section, sections: Sequence[Section]) -> Section:
    """Return the first section with the first network's curves and its best filters.

    Args:
        context: the page.
        minute: begins with its sentences.
        sections: the others; the filters are drawn there.
    """
    base = next((one for one in context.report.bases() if one.runs), None)
    points, *rest = minute.blocks
    if base is None or not isinstance(points, Points):
        return minute
    full, best = context.report.full_of(base), best_trained(context, base)
    shown = [base, full] if full is not None and full.runs else [base]
    runs = [run for experiment in shown for run in experiment.runs]
    draw = partial(inspection.learning_curves, runs, lang=context.say.lang)
    curves = Figure(
        context.album.picture("opening-curves", runs, draw),
        context.say("opening.curves", network=base.spec.name),
    )
    filters = [] if best is None else list(_first_of(f"{best.anchor}-filters", sections))
    return replace(minute, blocks=(Opening(points, (curves, *filters)), *rest))


def _first_of(anchor: str, sections: Sequence[Block]) -> Iterator[Figure]:
    """Yield the first picture of the section with this address, to be shown here, too."""
    for block in sections:
        if not isinstance(block, Section):
            continue
        if block.anchor != anchor:
            yield from _first_of(anchor, block.blocks)
            continue
        figures = (one for inner in block.blocks for one in _figures(inner))
        for figure in list(figures)[:1]:
            yield replace(figure, again=True)


def _figures(block: Block) -> tuple[Figure, ...]:
    if isinstance(block, Beside):
        return block.figures
    return (block,) if isinstance(block, Figure) else ()
