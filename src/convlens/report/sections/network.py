"""One network: what it is, how it learned on the small and the full set, what its filters became."""

from convlens import inspection
from convlens.findings import BETTER, FALLS, RISES, SURE, WOBBLE, gap
from convlens.report.blocks import Block, Cell, Command, Figure, Paragraph, Points, Section, Table
from convlens.report.context import PageContext, whole_study
from convlens.report.report_data import ExperimentRuns
from convlens.report.sections.code import code
from convlens.report.sections.filters import filters_of
from convlens.report.sections.overfitting import by_seed, with_more_data
from convlens.spec import Shape

__all__ = ["network"]

_FEW = 2  # further experiments up to which each has its photograph
_TITLES = {"SimpleConvNet": "Simple ConvNet"}  # as the report heads them; others by their own names


def network(context: PageContext, base: ExperimentRuns, number: int, *further: Section) -> Section:
    """Return the section of a network.

    Args:
        context: the page.
        base: the experiment that stands for the network.
        number: of the section.
        *further: sections that follow within it.
    """
    say, full = context.say, context.report.full_of(base)
    blocks: list[Block] = [_what_it_is(context, base), code(context, base)]
    if base.runs:
        blocks.append(_curves(context, base, full))
        blocks.append(
            filters_of(
                context,
                base,
                say("network.filters" if context.report.chosen else "network.small_set"),
                classes=True,
            )
        )
        if full is not None and full.runs:
            blocks.append(filters_of(context, full, say("network.full_set")))
        if context.report.chosen:
            rates = context.report.rates_of(base) if further else ()
            others = [e for e in context.report.further(base) if all(e is not one for one in rates)]
            photographed = len(others) <= _FEW
            blocks += [filters_of(context, one, one.name, photographed=photographed) for one in others]
    else:
        blocks.append(Paragraph(say("network.not_in"), "note"))
    title = f"{number}. {_TITLES.get(base.spec.name, base.spec.name)}"
    return Section(base.anchor, title, (*blocks, *further))


def _what_it_is(context: PageContext, base: ExperimentRuns) -> Section:
    say, spec = context.say, base.spec
    picture = context.album.picture(
        f"{base.name}-architecture", (), lambda: inspection.architecture(spec, lang=say.lang), spec
    )
    narrow = context.album.picture(
        f"{base.name}-architecture-narrow",
        (),
        lambda: inspection.architecture(spec, lang=say.lang, narrow=True),
        spec,
        narrow=True,
    )
    blocks = (
        Paragraph(context.setting(base)),
        Figure(picture, say("network.architecture", network=spec.name), narrow),
        _layers(context, base),
    )
    return Section(f"{base.anchor}-network", say("network.title"), blocks)


def _layers(context: PageContext, base: ExperimentRuns) -> Table:
    say, spec = context.say, base.spec
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


def _curves(context: PageContext, base: ExperimentRuns, full: ExperimentRuns | None) -> Section:
    say = context.say
    shown = [base, full] if full is not None and full.runs else [base]
    runs = [run for experiment in shown for run in experiment.runs]
    caption = "curves.caption" if len(shown) == 1 else "curves.caption_both"
    blocks: list[Block] = [
        context.curves(f"{base.name}-curves", runs, say(caption)),
        Points(
            tuple(
                Paragraph(text)
                for text in (
                    *(text for experiment in shown for text in _what_curves_say(context, experiment)),
                    *_in_updates(context, base, full),
                )
            )
        ),
        context.rule(_rule(context)),
    ]
    if len(shown) == 1:
        blocks += _full_set_missing(context, full)
    return Section(f"{base.anchor}-curves", say("curves.title"), tuple(blocks))


def _what_curves_say(context: PageContext, experiment: ExperimentRuns) -> list[str]:
    """Say how far the curves are apart, and in which seeds overfitting begins."""
    say, apart = context.say, gap(experiment.runs)
    not_grown = "curves.gap.stays" if apart.is_sure else "curves.gap.unsure"
    told = say(
        "curves.gap.widens" if apart.widens else not_grown,
        images=experiment.config.train_size,
        early=apart.early_epoch,
        epochs=experiment.config.epochs,
        before=say.points(apart.early),
        after=say.points(apart.last),
        judged=experiment.runs[0].curve("test").n_samples,
        seeds=context.seeds(len(experiment.runs)),
        tests=experiment.test.n_images,
        span=say.point_span(apart.interval.low, apart.interval.high),
    )
    return [told, by_seed(context, experiment)]


def _in_updates(context: PageContext, base: ExperimentRuns, full: ExperimentRuns | None) -> list[str]:
    """Say what more data do to overfitting, in updates, and why epochs do not compare."""
    told = with_more_data(context, base)
    if told is None or full is None:
        return []
    steps = {e.config.train_size: e.config.n_steps // e.config.epochs for e in (base, full)}
    (few, per_few), (many, per_many) = sorted(steps.items())
    note = context.say("curves.updates", few=few, per_few=per_few, many=many, per_many=per_many)
    return [context.sentences([told, note])]


def _rule(context: PageContext) -> str:
    """State the rules by which the curves are read."""
    shares = {"better": BETTER, "falls": FALLS, "rises": RISES, "sure": SURE}
    told = {name: f"{100 * share:.0f}" for name, share in shares.items()}
    return context.say("curves.rule", **told, wobble=f"{WOBBLE:g}")


def _full_set_missing(context: PageContext, full: ExperimentRuns | None) -> list[Block]:
    if full is not None:
        return [Paragraph(context.say("full.not_in"), "note")]
    if not context.report.shipped:
        return []
    return [Paragraph(context.say("full.not_run"), "note"), Command(whole_study(context))]
