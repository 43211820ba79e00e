"""What an experiment's filters became, and what they make of pictures."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial

from matplotlib.figure import Figure as Drawing

from convlens import inspection
from convlens._typing import Array
from convlens.data import photograph, read_picture
from convlens.findings import ALIKE, TWINS, Oddities, filter_layers, first_picture, oddities
from convlens.report.blocks import Beside, Block, Figure, Fold, Section
from convlens.report.context import PageContext
from convlens.report.report_data import ExperimentRuns
from convlens.runs import Run

__all__ = ["filters_of", "odd_of", "rate_figures"]


def filters_of(
    context: PageContext,
    experiment: ExperimentRuns,
    title: str,
    *,
    classes: bool = False,
    photographed: bool = True,
) -> Section:
    """Return everything about the filters of an experiment's first seed.

    Args:
        context: the page.
        experiment: the experiment.
        title: of the section.
        classes: test images of every class, too, which are large.
        photographed: a photograph, too, which is large; the reader's own picture is there in any case.
    """
    run, say = experiment.runs[0], context.say
    layers = filter_layers(run)
    shown: list[Block] = []
    more: list[Block] = []
    for layer in layers:
        pair = [_filters(context, experiment, layer)]
        more.append(_forming(context, experiment, layer))
        pair.append(_test_image(context, experiment, layer))
        if classes and not context.report.quick:  # a quick look does without
            more.append(_classes(context, experiment, layer))
        shown.append(Beside(tuple(pair)))
    if layers and (photographed or context.picture is not None):
        (more if context.picture is None else shown).append(_picture(context, experiment, layers[0]))
    if layers:
        n = int(run.results["test_head"])
        rule = say("filters.rule", n=n, cosine=f"{TWINS:.2f}", alike=f"{ALIKE:.2f}")
        shown.append(context.rule(rule))
        shown.append(Fold(say("fold.filters"), tuple(more)))
    return Section(f"{experiment.anchor}-filters", title, tuple(shown))


def rate_figures(context: PageContext, experiments: Sequence[ExperimentRuns]) -> tuple[Block, ...]:
    """Return the filters of each layer at all learning rates, and the first test image through them."""
    say, runs = context.say, {experiment.config.lr: experiment.runs[:1] for experiment in experiments}
    drawn_from = [experiment.runs[0] for experiment in experiments]
    first = drawn_from[0]
    blocks: list[Block] = []
    for layer in filter_layers(first):
        draw = partial(inspection.filters_by_rate, runs, layer, lang=say.lang)
        picture = context.album.picture(f"learning-rate-filters-{layer}", drawn_from, draw)
        blocks.append(Figure(picture, say("rate.filters", parameter=layer)))
        blocks.append(_test_image_by_rate(context, runs, layer))
    return tuple(blocks)


def _test_image_by_rate(context: PageContext, runs: Mapping[float, Sequence[Run]], layer: str) -> Figure:
    say, drawn_from = context.say, [members[0] for members in runs.values()]

    def draw() -> Drawing:
        return inspection.applied_by_rate(runs, first_picture(drawn_from[0]), layer, lang=say.lang)

    picture = context.album.picture(f"learning-rate-applied-{layer}", drawn_from, draw)
    return Figure(picture, say("rate.applied", parameter=layer))


def _figure(
    context: PageContext,
    experiment: ExperimentRuns,
    name: str,
    draw: Callable[[], Drawing],
    caption: str,
    *also: object,
) -> Figure:
    runs = [experiment.runs[0]]
    return Figure(context.album.picture(f"{experiment.name}-{name}", runs, draw, *also), caption)


def _filters(context: PageContext, experiment: ExperimentRuns, layer: str) -> Figure:
    run, say = experiment.runs[0], context.say

    def draw() -> Drawing:
        return inspection.filters(run, layer, order="change", odd=odd_of(run, layer), lang=say.lang)

    caption = say("filters.caption", parameter=layer, run=context.run(experiment))
    return _figure(context, experiment, f"filters-{layer}", draw, caption)


@lru_cache(maxsize=16)
def odd_of(run: Run, layer: str) -> Oddities:
    """Return what is odd about a layer, which several pictures say, and the first section."""
    return oddities(run, layer, int(run.results["test_head"]))


def _forming(context: PageContext, experiment: ExperimentRuns, layer: str) -> Figure:
    run, say = experiment.runs[0], context.say
    draw = partial(inspection.forming, run, layer, lang=say.lang)
    caption = say("filters.forming", parameter=layer, run=context.run(experiment))
    return _figure(context, experiment, f"forming-{layer}", draw, caption)


def _classes(context: PageContext, experiment: ExperimentRuns, layer: str) -> Figure:
    run, say = experiment.runs[0], context.say
    draw = partial(inspection.classes, run, layer, lang=say.lang)
    caption = say("applied.classes", parameter=layer, run=context.run(experiment))
    return _figure(context, experiment, f"classes-{layer}", draw, caption)


def _test_image(context: PageContext, experiment: ExperimentRuns, layer: str) -> Figure:
    run, say = experiment.runs[0], context.say
    caption = say("applied.digit", parameter=layer, run=context.run(experiment))
    return _applied(context, experiment, "digit", layer, lambda: first_picture(run), caption)


def _picture(context: PageContext, experiment: ExperimentRuns, layer: str) -> Figure:
    """Return a photograph, or the reader's own picture where there is one, through the first filters."""
    say, own = context.say, context.picture
    if own is not None:
        caption = say("applied.own", name=own.name, parameter=layer, run=context.run(experiment))
        name, shown = f"own-{own.stem}", read_picture(own)
        content = hashlib.sha256(shown.tobytes()).hexdigest()  # another picture may come under this name
        return _applied(context, experiment, name, layer, lambda: shown, caption, content)
    caption = say("applied.photograph", parameter=layer, run=context.run(experiment))
    return _applied(context, experiment, "photograph", layer, photograph, caption)


def _applied(
    context: PageContext,
    experiment: ExperimentRuns,
    name: str,
    layer: str,
    picture: Callable[[], Array],
    caption: str,
    *also: object,
) -> Figure:
    run, lang = experiment.runs[0], context.say.lang

    def draw() -> Drawing:
        return inspection.applied(run, picture(), layer=layer, odd=odd_of(run, layer), lang=lang)

    return _figure(context, experiment, f"applied-{name}-{layer}", draw, caption, *also)
