"""In one minute: what was trained and what came out, each sentence computed and linked to its evidence."""

from collections.abc import Iterator, Sequence
from statistics import fmean

from convlens.findings import (
    Oddities,
    answers,
    baseline,
    class_name,
    classes_of,
    filter_layers,
    gap,
)
from convlens.numerals import digits_for
from convlens.report.blocks import Fold, Paragraph, Section
from convlens.report.context import PageContext, rate
from convlens.report.report_data import ExperimentRuns
from convlens.report.sections.conclusion import conclusion, edge, same_images
from convlens.report.sections.filters import odd_of
from convlens.report.sections.mistakes import best_trained
from convlens.report.sections.nothing import nothing
from convlens.report.sections.overfitting import begins, with_more_data
from convlens.report.sections.results import hardly_begun
from convlens.report.sections.weights import Weight, first_and_more
from convlens.study import Verdict

__all__ = ["minute"]


def minute(context: PageContext, limits: Section) -> Section:
    """Return the sentences that a reader in a hurry needs, the others folded, and what they cannot tell."""
    lead, more = first_and_more(list(_sentences(context)))
    folded = [Fold(context.say("fold.minute"), (more,))] if more.items else []
    return Section("minute", context.say("minute.title"), (lead, *folded, limits))


def _sentences(context: PageContext) -> Iterator[tuple[Weight, Paragraph]]:
    """Yield every sentence with its weight."""
    bases = [experiment for experiment in context.report.bases() if experiment.runs]
    by_data: dict[str, list[ExperimentRuns]] = {}
    for experiment in context.report.finished:
        by_data.setdefault(experiment.config.data, []).append(experiment)
    yield from ((Weight.FRAME, _what(context, experiments)) for experiments in by_data.values())
    for base in bases:
        is_first = base is bases[0]
        yield Weight.RESULT, _result(context, base)
        warnings = [*_baseline(context, base)]
        warnings += [Paragraph(text, href="results") for text in hardly_begun(context, base)]
        yield from ((Weight.WARNING, text) for text in warnings)
        data, memory = _more_data(context, base), _memorising(context, base)
        yield from ((Weight.DATA if is_first else Weight.REST, text) for text in data)
        yield from ((Weight.MEMORY if is_first else Weight.REST, text) for text in memory)
    for base in bases[:1]:
        yield from ((Weight.RATES, text) for text in _rates(context, base))
        yield from _report(context, base)
    for text in [text for base in bases for text in _silent(context, base)]:
        yield Weight.REST, text
    for base in bases[:1]:
        yield from ((Weight.REST, text) for text in _confused(context, base))


def _what(context: PageContext, experiments: Sequence[ExperimentRuns]) -> Paragraph:
    """Say what was trained on one set of data."""
    say, run = context.say, experiments[0].runs[0]
    names = [class_name(run, number) for number in classes_of(run)]
    classes = say.listing(names) if len(names) <= 3 else say.series([*names[:2], "…", names[-1]])
    networks = list(dict.fromkeys(experiment.spec.name for experiment in experiments))
    text = say(
        "minute.what",
        networks=say.listing(networks),
        images=_train_sizes(context, experiments),
        data=run.data_name,
        classes=classes,
        tests=int(run.results["n_test"]),
    )
    return Paragraph(text, href="making")


def _train_sizes(context: PageContext, experiments: Sequence[ExperimentRuns]) -> str:
    """Say on how many images was trained: the first 5,000 or all 60,000."""
    say = context.say
    sizes = {e.config.train_size: e.runs[0].data.split.name == "full" for e in experiments}
    told = [say("minute.all" if sizes[n] else "minute.first", n=n) for n in sorted(sizes)]
    return say("minute.or", most=say.series(told[:-1]), last=told[-1]) if len(told) > 1 else told[0]


def _result(context: PageContext, base: ExperimentRuns) -> Paragraph:
    say, head, test = context.say, base.head, base.test
    values: dict[str, int | str] = {
        "network": base.spec.name,
        "train": base.config.train_size,
        "lr": rate(base.config.lr),
        "head": head.n_images,
        "tests": test.n_images,
    }
    same = head.n_images == test.n_images  # the first images are all of them
    if len(base.runs) == 1:
        wrong = {"wrong": head.wrong[0], "wrong_all": test.wrong[0]}
        key = "minute.result_one_set" if same else "minute.result_one"
        text = say(key, **values, seed=base.runs[0].seed, **wrong)
    else:
        text = say(
            "minute.result_set" if same else "minute.result",
            **values,
            seeds=len(base.runs),
            wrong=round(fmean(head.wrong)),
            span=say.counts(head.wrong),
            wrong_all=round(fmean(test.wrong)),
            span_all=say.counts(test.wrong),
        )
    return Paragraph(text, href="results")


def _baseline(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    """Say what learned nothing, or how often the largest class alone is right, where that must be known."""
    say, found, idle = context.say, baseline(base.runs), nothing(context, base)
    if idle is not None:
        return [Paragraph(idle, href="results")]
    if not found.matters:
        return []
    text = say(
        "minute.baseline",
        name=found.name,
        share=say.percent(found.share, digits_for(found.n_images)),
        tests=found.n_images,
    )
    return [Paragraph(text, href="results")]


def _more_data(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    """Say what the full set changed, for better or worse, as far as the seeds of both do not overlap."""
    say, full = context.say, context.report.full_of(base)
    if full is None or not full.runs or not any((*base.test.wrong, *full.test.wrong)):
        return []
    before, after = fmean(base.test.wrong), fmean(full.test.wrong)
    key = "minute.more_data_alike"
    if max(full.test.wrong) < min(base.test.wrong):
        key = "minute.more_data_helped"
    elif min(full.test.wrong) > max(base.test.wrong):
        key = "minute.more_data_hurt"
    text = say(
        key,
        network=base.spec.name,
        factor=f"{full.config.train_size / base.config.train_size:.3g}",
        images=full.config.train_size,
        before=round(before),
        updates_before=base.config.n_steps,
        updates_after=full.config.n_steps,
        seeds_before=context.seeds(len(base.runs)),
        after=round(after),
        seeds_after=context.seeds(len(full.runs)),
        tests=base.test.n_images,
        share=say.percent(1 - after / before if before else 0.0, 0),
    )
    return [Paragraph(text, href=f"{base.anchor}-curves")]


def _memorising(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    """Say where overfitting begins and what more data do to it, or else that the curves part, if they do."""
    say, apart, started = context.say, gap(base.runs), begins(context, base)
    if started is not None:
        more = with_more_data(context, base)
        texts = [started] if more is None else [started, more]
    elif apart.widens:
        texts = [
            say(
                "minute.gap",
                network=base.spec.name,
                images=base.config.train_size,
                seeds=context.seeds(len(base.runs)),
                early=apart.early_epoch,
                epochs=base.config.epochs,
                before=say.points(apart.early),
                after=say.points(apart.last),
                judged=base.runs[0].curve("test").n_samples,
            )
        ]
    else:
        return []
    return [Paragraph(context.sentences(texts), href=f"{base.anchor}-curves")]


def _rates(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    """Say what the learning rates did, as far as the seeds allow, and whether the best one is the last."""
    say, experiments = context.say, context.report.rates_of(base)
    compared = [(one, context.report.against(one)) for one in experiments]
    verdicts = [(one.config.lr, found.verdict) for one, found in compared if found is not None]
    if not verdicts:
        return []
    told, n = _better_and_worse(context, verdicts), context.report.n_comparisons
    held_out, seeds = base.validation, min(len(one.runs) for one in experiments)
    single = sum(verdict is Verdict.ONE_SEED for _, verdict in verdicts)
    if held_out is None or all(len(one.runs) == 1 for one in experiments):
        text = say("minute.rates_one_seed", n=len(experiments))
    elif single:
        text = say("minute.rates_single", n=single, all=len(experiments), base=rate(base.config.lr))
    elif told:
        values: dict[str, int | str] = {"seeds": seeds, "n": n, "images": held_out.n_images}
        text = say("minute.rates_differ", base=rate(base.config.lr), told=told, **values)
        text = context.sentences([text, *edge(context, base)])
    else:
        text = say("minute.rates_alike", base=rate(base.config.lr), seeds=seeds, n=n)
    return [Paragraph(text, href="learning-rate")]


def _better_and_worse(context: PageContext, verdicts: list[tuple[float, Verdict]]) -> str:
    """Say which learning rates did better and which worse; "" where none did."""
    say = context.say
    better, worse = (
        say.listing([rate(lr) for lr, found in verdicts if found is verdict])
        for verdict in (Verdict.BETTER, Verdict.WORSE)
    )
    told_better = say("minute.rates_better", rates=better) if better else ""
    told_worse = say("minute.rates_worse", rates=worse) if worse else ""
    if better and worse:
        return say("minute.rates_both", better=told_better, worse=told_worse)
    return told_better or told_worse


def _report(context: PageContext, base: ExperimentRuns) -> Iterator[tuple[Weight, Paragraph]]:
    """Hold the report's figure and conclusion against our runs, unless these were only for a look."""
    place = "learning-rate" if context.report.rates_of(base)[1:] else "results"
    texts = {Weight.REST: same_images(context, base), Weight.CONCLUSION: conclusion(context, base)}
    yield from ((weight, Paragraph(text, href=place)) for weight, text in texts.items() if text is not None)


def _silent(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    """Say of the first seed how many filters never react, how many are twins, and how many respond alike."""
    run, texts = base.runs[0], list[str]()
    for name in filter_layers(run):
        texts += _odd(context, base, odd_of(run, name))
    return [Paragraph(text, href=f"{base.anchor}-filters") for text in texts]


def _odd(context: PageContext, base: ExperimentRuns, odd: Oddities) -> list[str]:
    say = context.say
    known: dict[str, int | str] = {"network": base.spec.name, "layer": odd.layer, "all": odd.n_filters}
    known |= {"train": base.config.train_size, "images": odd.n_images, "seed": odd.seed}
    texts = [say("minute.silent", n=len(odd.dead), **known)] if odd.dead else []
    if odd.twins:
        texts.append(say("minute.twins", n=sum(map(len, odd.twins)), **known))
    if odd.alike:
        texts.append(say("minute.alike", n=len(odd.alike), **known))
    if not texts and odd.dead is not None:
        texts.append(say("minute.none_odd", **known))
    return texts


def _confused(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    shown = best_trained(context, base)
    if shown is None:
        return []
    found = answers(shown.runs[0])
    if not found.confusions:
        return []
    right, given, times = found.confusions[0]
    ties = sum(one[2] == times for one in found.confusions)
    text = context.say(
        "minute.confused" if ties == 1 or times == 1 else "minute.confused_tie",
        ties=ties,
        n=times,
        network=base.spec.name,
        images=shown.config.train_size,
        seed=shown.runs[0].seed,
        tests=len(found.right),
        right=found.names[right],
        given=found.names[given],
    )
    return [Paragraph(text, href=f"{base.anchor}-mistakes")]
