"""What an experiment's filters became, and what they make of pictures."""

from collections.abc import Callable
from functools import partial

from matplotlib.figure import Figure as Drawing

from convlens import inspection
from convlens._typing import Array
from convlens.data import photograph, read_picture
from convlens.findings import TWINS, filter_layers, oddities
from convlens.report.blocks import Block, Figure, Paragraph, Section
from convlens.report.edition import Edition
from convlens.report.material import Entry

__all__ = ["filters_of", "rate_figures"]


def filters_of(edition: Edition, entry: Entry, title: str, *, classes: bool = False) -> Section:
    """Return everything about the filters of an experiment's first seed.

    Args:
        edition: the page.
        entry: the experiment.
        title: of the section.
        classes: test images of every class, too, which are large.
    """
    run, say = entry.runs[0], edition.say
    layers = filter_layers(run)
    blocks: list[Block] = []
    for layer in layers:
        blocks += [_filters(edition, entry, layer), _forming(edition, entry, layer)]
    if layers:
        n = int(run.results["test_head"])
        blocks.append(Paragraph(say("filters.rule", n=n, cosine=f"{TWINS:.2f}"), "note"))
    if run.spec.input_shape[0] == 1:  # the pictures are grey
        for layer in layers:
            if classes and not edition.material.quick:  # a quick look does without
                blocks.append(_classes(edition, entry, layer))
            blocks.append(_digit(edition, entry, layer))
        blocks += _pictures(edition, entry, layers[0]) if layers else []
    return Section(f"{entry.anchor}-filters", title, tuple(blocks))


def rate_figures(edition: Edition, entry: Entry) -> tuple[Block, ...]:
    """Return the pictures of one learning rate: filters of each layer, the first test image through them."""
    run = entry.runs[0]
    layers = filter_layers(run)
    blocks: list[Block] = [_filters(edition, entry, layer) for layer in layers]
    if run.spec.input_shape[0] == 1:
        blocks += [_digit(edition, entry, layer) for layer in layers]
    return tuple(blocks)


def _figure(edition: Edition, entry: Entry, name: str, draw: Callable[[], Drawing], caption: str) -> Figure:
    return Figure(edition.album.picture(f"{entry.name}-{name}", [entry.runs[0]], draw), caption)


def _filters(edition: Edition, entry: Entry, layer: str) -> Figure:
    run, say = entry.runs[0], edition.say

    def draw() -> Drawing:
        odd = oddities(run, layer, int(run.results["test_head"]))
        return inspection.filters(run, layer, order="change", odd=odd, lang=say.lang)

    caption = say("filters.caption", parameter=layer, run=edition.run(entry))
    return _figure(edition, entry, f"filters-{layer}", draw, caption)


def _forming(edition: Edition, entry: Entry, layer: str) -> Figure:
    run, say = entry.runs[0], edition.say
    draw = partial(inspection.forming, run, layer, lang=say.lang)
    caption = say("filters.forming", parameter=layer, run=edition.run(entry))
    return _figure(edition, entry, f"forming-{layer}", draw, caption)


def _classes(edition: Edition, entry: Entry, layer: str) -> Figure:
    run, say = entry.runs[0], edition.say
    draw = partial(inspection.classes, run, layer, lang=say.lang)
    caption = say("applied.classes", parameter=layer, run=edition.run(entry))
    return _figure(edition, entry, f"classes-{layer}", draw, caption)


def _digit(edition: Edition, entry: Entry, layer: str) -> Figure:
    run, say = entry.runs[0], edition.say
    caption = say("applied.digit", parameter=layer, run=edition.run(entry))
    return _applied(edition, entry, "digit", layer, lambda: run.data.test.x[0, 0], caption)


def _pictures(edition: Edition, entry: Entry, layer: str) -> list[Block]:
    """Return a photograph, or the reader's own picture where there is one, through the first filters."""
    say, own = edition.say, edition.picture
    if own is not None:
        caption = say("applied.own", name=own.name, parameter=layer, run=edition.run(entry))
        name = f"own-{own.stem}"
        return [_applied(edition, entry, name, layer, lambda: read_picture(own), caption)]
    caption = say("applied.photograph", parameter=layer, run=edition.run(entry))
    return [_applied(edition, entry, "photograph", layer, photograph, caption)]


def _applied(
    edition: Edition, entry: Entry, name: str, layer: str, picture: Callable[[], Array], caption: str
) -> Figure:
    run, lang = entry.runs[0], edition.say.lang

    def draw() -> Drawing:
        return inspection.applied(run, picture(), layer=layer, lang=lang)

    return _figure(edition, entry, f"applied-{name}-{layer}", draw, caption)
