"""One network: what it is, how it learned on the small and the full set, what its filters became."""

from collections.abc import Callable

from convlens import inspection
from convlens._typing import Array
from convlens.data import photograph
from convlens.report.blocks import Block, Cell, Command, Figure, Paragraph, Points, Section, Table
from convlens.report.edition import Edition
from convlens.report.findings import RISE, WIDENS, gap, memorising
from convlens.report.material import Entry
from convlens.spec import Shape
from convlens.study import DESIGNS
from convlens.training import Run

__all__ = ["network"]

_TITLES = {"SimpleConvNet": "Simple ConvNet"}  # as the report heads them; others by their own names


def network(edition: Edition, base: Entry, number: int, *further: Section) -> Section:
    """Return the section of a network.

    Args:
        edition: the page.
        base: the experiment that stands for the network.
        number: of the section.
        *further: sections that follow within it.
    """
    say, full = edition.say, edition.material.full_of(base)
    blocks: list[Block] = [_what_it_is(edition, base)]
    if base.runs:
        blocks.append(_curves(edition, base, full))
        blocks.append(_inside(edition, base, say("network.small_set")))
        if full is not None and full.runs:
            blocks.append(_inside(edition, full, say("network.full_set")))
    else:
        blocks.append(Paragraph(say("network.not_in"), "note"))
    title = f"{number}. {_TITLES.get(base.spec.name, base.spec.name)}"
    return Section(base.name, title, (*blocks, *further))


def _what_it_is(edition: Edition, base: Entry) -> Section:
    say, spec = edition.say, base.spec
    picture = edition.album.picture(
        f"{base.name}-architecture", (), lambda: inspection.architecture(spec, lang=say.lang), spec
    )
    narrow = edition.album.picture(
        f"{base.name}-architecture-narrow",
        (),
        lambda: inspection.architecture(spec, lang=say.lang, narrow=True),
        spec,
    )
    blocks = (
        Paragraph(edition.setting(base)),
        Figure(picture, say("network.architecture", network=spec.name), narrow),
        _layers(edition, base),
    )
    return Section(f"{base.name}-network", say("network.title"), blocks)


def _layers(edition: Edition, base: Entry) -> Table:
    say, spec = edition.say, base.spec
    columns = (
        say("layers.layer"),
        say("layers.output"),
        say("layers.parameters"),
        say("layers.multiply_adds"),
        say("layers.receptive_field"),
    )
    rows = [
        (
            Cell(row.name),
            Cell(_size(row.output_shape), number=True),
            Cell(f"{row.n_parameters:,}", number=True),
            Cell(f"{row.multiply_adds:,}", number=True),
            Cell(_size(row.receptive_field), number=True),
        )
        for row in spec.table
    ]
    total = sum(row.multiply_adds for row in spec.table)
    rows.append(
        (
            Cell(say("layers.total")),
            Cell(""),
            Cell(f"{spec.n_parameters:,}", number=True, strong=True),
            Cell(f"{total:,}", number=True, strong=True),
            Cell(""),
        )
    )
    return Table(
        caption=say("layers.caption", network=spec.name, input=_size(spec.input_shape)),
        head=tuple(Cell(text, number=i > 0) for i, text in enumerate(columns)),
        rows=tuple(rows),
    )


def _size(shape: Shape) -> str:
    return "\N{MULTIPLICATION SIGN}".join(map(str, shape))


def _curves(edition: Edition, base: Entry, full: Entry | None) -> Section:
    say = edition.say
    shown = [base, full] if full is not None and full.runs else [base]
    runs = [run for entry in shown for run in entry.runs]
    picture = edition.album.picture(
        f"{base.name}-curves",
        runs,
        lambda: inspection.learning_curves(runs, lang=say.lang, loss=True),
    )
    narrow = edition.album.picture(
        f"{base.name}-curves-narrow",
        runs,
        lambda: inspection.learning_curves(runs, lang=say.lang, loss=True, narrow=True),
    )
    caption = "curves.caption" if len(shown) == 1 else "curves.caption_both"
    blocks: list[Block] = [
        Figure(picture, say(caption), narrow),
        Points(tuple(Paragraph(text) for entry in shown for text in _what_curves_say(edition, entry))),
        Paragraph(say("curves.rule", rise=f"{100 * RISE:.0f}", widens=f"{100 * WIDENS:.0f}"), "note"),
    ]
    if len(shown) == 1:
        blocks += _full_set_missing(edition, full)
    return Section(f"{base.name}-curves", say("curves.title"), tuple(blocks))


def _what_curves_say(edition: Edition, entry: Entry) -> list[str]:
    say, first = edition.say, entry.runs[0]
    apart, found = gap(entry.runs), memorising(entry.runs)
    texts = [
        say(
            "curves.gap.widens" if apart.widens else "curves.gap.stays",
            images=entry.config.train_size,
            early=apart.early_epoch,
            epochs=entry.config.epochs,
            before=say.points(apart.early),
            after=say.points(apart.last),
            judged=first.curve("test").n_samples,
        )
    ]
    if found is None:
        texts.append(say("curves.not_memorising", images=entry.config.train_size, epochs=entry.config.epochs))
    else:
        texts.append(
            say(
                "curves.memorising",
                images=entry.config.train_size,
                epoch=found.epoch,
                lowest=f"{found.lowest:.3f}",
                last=f"{found.last:.3f}",
            )
        )
    return texts


def _full_set_missing(edition: Edition, full: Entry | None) -> list[Block]:
    if full is not None:
        return [Paragraph(edition.say("full.not_in"), "note")]
    if edition.material.study.design.name not in DESIGNS:
        return []
    return [Paragraph(edition.say("full.not_run"), "note"), Command("convlens reproduce --full")]


def _inside(edition: Edition, entry: Entry, title: str) -> Section:
    return Section(f"{entry.name}-filters", title, inside_figures(edition, entry, scene=True))


def inside_figures(edition: Edition, entry: Entry, *, scene: bool) -> tuple[Block, ...]:
    """Return the pictures of an experiment's first seed: filters of each layer, filter-applied images.

    Args:
        edition: the page.
        entry: the experiment.
        scene: a photograph, too, whose pictures are large.
    """
    run, say = entry.runs[0], edition.say
    figures = [_filters(edition, entry, run, parameter) for parameter in inspection.filter_layers(run)]
    if run.spec.input_shape[0] == 1:  # the pictures are grey
        for parameter in inspection.filter_layers(run):
            caption = say("applied.digit", parameter=parameter, run=edition.run(entry))
            figures.append(
                _applied(edition, entry, "digit", parameter, lambda: run.data.test.x[0, 0], caption)
            )
        if scene:
            parameter = inspection.filter_layers(run)[0]
            caption = say("applied.photograph", parameter=parameter, run=edition.run(entry))
            figures.append(_applied(edition, entry, "photograph", parameter, photograph, caption))
    return tuple(figures)


def _filters(edition: Edition, entry: Entry, run: Run, parameter: str) -> Figure:
    say = edition.say
    picture = edition.album.picture(
        f"{entry.name}-filters-{parameter}",
        [run],
        lambda: inspection.filters(run, parameter, lang=say.lang),
    )
    return Figure(picture, say("filters.caption", parameter=parameter, run=edition.run(entry)))


def _applied(
    edition: Edition, entry: Entry, name: str, parameter: str, picture: Callable[[], Array], caption: str
) -> Figure:
    run, lang = entry.runs[0], edition.say.lang
    made = edition.album.picture(
        f"{entry.name}-applied-{name}-{parameter}",
        [run],
        lambda: inspection.applied(run, picture(), layer=parameter, lang=lang),
    )
    return Figure(made, caption)
