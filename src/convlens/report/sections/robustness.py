"""How networks do on test images that are moved, turned, thinner or thicker; and how training varied them."""

from collections.abc import Sequence

from convlens import inspection
from convlens.findings import Change, Changed, Robustness
from convlens.findings import robustness as found_in
from convlens.numerals import digits_for
from convlens.report.blocks import Block, Cell, Figure, Fold, Paragraph, Points, Section, Table
from convlens.report.context import PageContext
from convlens.report.report_data import ExperimentRuns
from convlens.report.sections.mistakes import best_trained

__all__ = ["robustness"]

_MOST = 4  # columns of the table
_ROWS = {
    Change.NONE: "robustness.none",
    Change.SHIFT: "robustness.shift",
    Change.TURN: "robustness.turn",
    Change.THINNER: "robustness.thinner",
    Change.THICKER: "robustness.thicker",
}
_SAID = (Changed(Change.NONE, 0), Changed(Change.SHIFT, 3), Changed(Change.TURN, 30))


def robustness(context: PageContext) -> Section | None:
    """Return how networks do on changed test images: those of the mistakes, and those trained on varied ones.

    None where no run is in.
    """
    say, chosen = context.say, _chosen(context)
    if not chosen:
        return None
    found = [found_in(one.runs) for one in chosen]
    names = _names(chosen)
    blocks: list[Block] = [
        Paragraph(say("robustness.intro")),
        Points(tuple(Paragraph(_said(context, *one)) for one in zip(names, chosen, found, strict=True))),
    ]
    varied = next((one for one in chosen if one.config.augment), None)
    if varied is not None:
        blocks.append(_varied(context, varied))
    blocks.append(Fold(say("robustness.fold"), (_table(context, _heads(context, chosen, names), found),)))
    return Section("robustness", say("robustness.title"), tuple(blocks))


def _chosen(context: PageContext) -> list[ExperimentRuns]:
    """Return which experiments are looked at."""
    report = context.report
    shown = [one for base in report.bases() if (one := best_trained(context, base)) is not None]
    shown += [one for one in report.finished if one.config.augment and all(one is not o for o in shown)]
    return shown[:_MOST]


def _names(chosen: Sequence[ExperimentRuns]) -> list[str]:
    """Return what the experiments are called here: by their networks where that tells them apart."""
    networks = [one.spec.name for one in chosen]
    return networks if len(set(networks)) == len(networks) else [one.name for one in chosen]


def _said(context: PageContext, name: str, experiment: ExperimentRuns, found: Robustness) -> str:
    """Say in one sentence how accuracy falls."""
    plain, shift, turn = (_share(context, found, changed) for changed in _SAID)
    seeds = context.seeds(len(experiment.runs))
    known = {"pixels": _SAID[1].by, "degrees": _SAID[2].by, "images": found.n_images}
    return context.say(
        "robustness.said", name=name, seeds=seeds, plain=plain, shift=shift, turn=turn, **known
    )


def _share(context: PageContext, found: Robustness, changed: Changed) -> str:
    return context.say.percent(found.share(changed), digits_for(found.n_images))


def _heads(context: PageContext, chosen: Sequence[ExperimentRuns], names: Sequence[str]) -> list[str]:
    """Return short names where what tells experiments apart is whether they were trained on varied images."""
    words = ("robustness.without", "robustness.with")
    short = [context.say(words[bool(one.config.augment)]) for one in chosen]
    is_enough = len(set(short)) == len(chosen) > 1 and len({one.spec.name for one in chosen}) == 1
    return short if is_enough else list(names)


def _table(context: PageContext, heads: Sequence[str], found: Sequence[Robustness]) -> Table:
    """Return a table with a row for each change and a column for each experiment."""
    say = context.say
    changes = list(dict.fromkeys(changed for one in found for changed in one.right))
    rows = tuple(
        (
            Cell(say(_ROWS[change], n=by)),
            *(_cell(context, one, Changed(change, by)) for one in found),
        )
        for change, by in changes
    )
    images = say.counts([one.n_images for one in found])
    head = (Cell(say("robustness.change")), *(Cell(name, number=True) for name in heads))
    return Table(say("robustness.caption", images=images), head, rows)


def _cell(context: PageContext, found: Robustness, changed: Changed) -> Cell:
    if changed not in found.right:
        return Cell("—", number=True)
    interval, digits = found.interval(changed), digits_for(found.n_images)
    span = context.say.percents(interval.low, interval.high, digits)
    return Cell(_share(context, found, changed), note=span, number=True)


def _varied(context: PageContext, experiment: ExperimentRuns) -> Figure:
    """Return the picture of how an experiment's training images were varied."""
    run, lang = experiment.runs[0], context.say.lang
    picture = context.album.picture(
        f"{experiment.name}-augmentation", [run], lambda: inspection.augmentation(run, lang=lang)
    )
    return Figure(picture, context.say("robustness.varied", run=context.run(experiment)))
