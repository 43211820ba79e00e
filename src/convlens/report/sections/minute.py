"""In one minute: what was trained and what came out, each sentence computed and linked to its evidence."""

from collections.abc import Iterator
from statistics import fmean

from convlens.findings import answers, baseline, class_name, classes_of, filter_layers, gap, oddities, onset
from convlens.numerals import digits_for
from convlens.report.blocks import Fold, Paragraph, Section
from convlens.report.context import PageContext, rate
from convlens.report.report_data import ExperimentRuns
from convlens.report.sections.mistakes import best_trained
from convlens.report.sections.results import hardly_begun
from convlens.report.sections.weights import Weight, first_and_more
from convlens.study import Verdict, compare
from convlens.study.statistics import wilson

__all__ = ["minute"]

_ALIKE = 0.1
"""More data helped: by at least this share of the mistakes."""


def minute(context: PageContext, limits: Section) -> Section:
    """Return the sentences that a reader in a hurry needs, the others folded, and what they cannot tell."""
    lead, more = first_and_more(list(_sentences(context)))
    folded = [Fold(context.say("fold.minute"), (more,))] if more.items else []
    return Section("minute", context.say("minute.title"), (lead, *folded, limits))


def _sentences(context: PageContext) -> Iterator[tuple[Weight, Paragraph]]:
    """Yield every sentence with its weight."""
    bases = [experiment for experiment in context.report.bases() if experiment.runs]
    yield Weight.FRAME, _what(context)
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
        *figures, concluded = [None, *_report(context, base)]
        yield from ((Weight.REST, text) for text in figures if text is not None)
        yield from ((Weight.CONCLUSION, text) for text in [concluded] if text is not None)
    for text in [text for base in bases for text in _silent(context, base)]:
        yield Weight.REST, text
    for base in bases[:1]:
        yield from ((Weight.REST, text) for text in _confused(context, base))


def _what(context: PageContext) -> Paragraph:
    say, finished = context.say, context.report.finished
    run = finished[0].runs[0]
    names = [class_name(run, number) for number in classes_of(run)]
    classes = say.listing(names) if len(names) <= 3 else f"{names[0]}, {names[1]}, …, {names[-1]}"
    networks = list(dict.fromkeys(experiment.spec.name for experiment in finished))
    text = say(
        "minute.what",
        networks=say.listing(networks),
        images=say.listing(
            [say("format.images", n=n) for n in sorted({e.config.train_size for e in finished})]
        ),
        data=run.data_name,
        classes=classes,
        tests=int(run.results["n_test"]),
    )
    return Paragraph(text, href="making")


def _result(context: PageContext, base: ExperimentRuns) -> Paragraph:
    say, head, test = context.say, base.head, base.test
    values: dict[str, int | str] = {
        "network": base.spec.name,
        "lr": rate(base.config.lr),
        "head": head.n_images,
        "tests": test.n_images,
    }
    if len(base.runs) == 1:
        text = say("minute.result_one", **values, wrong=head.wrong[0], wrong_all=test.wrong[0])
    else:
        text = say(
            "minute.result",
            **values,
            seeds=len(base.runs),
            wrong=round(fmean(head.wrong)),
            span=say.counts(head.wrong),
            wrong_all=round(fmean(test.wrong)),
            span_all=say.counts(test.wrong),
        )
    return Paragraph(text, href="results")


def _baseline(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    """Say how often answering the largest class alone is right, where an accuracy misleads without it."""
    say, found = context.say, baseline(base.runs)
    if not found.matters:
        return []
    text = say(
        "minute.baseline_unbeaten" if found.is_unbeaten else "minute.baseline",
        network=base.spec.name,
        name=found.name,
        share=say.percent(found.share, digits_for(found.n_images)),
        accuracy=context.percent(base.test),
        tests=found.n_images,
    )
    return [Paragraph(text, href="results")]


def _more_data(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    """Say what the full set changed."""
    say, full = context.say, context.report.full_of(base)
    if full is None or not full.runs or not any(base.test.wrong):
        return []
    before, after = fmean(base.test.wrong), fmean(full.test.wrong)
    removed = 1 - after / before
    text = say(
        "minute.more_data_helped" if removed >= _ALIKE else "minute.more_data_alike",
        network=base.spec.name,
        factor=f"{full.config.train_size / base.config.train_size:.3g}",
        images=full.config.train_size,
        before=round(before),
        after=round(after),
        tests=base.test.n_images,
        tenths=round(10 * removed),
    )
    return [Paragraph(text, href=f"{base.anchor}-curves")]


def _memorising(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    """Say where overfitting begins, or else that the curves part, if they do."""
    say, found, apart = context.say, onset(base.runs), gap(base.runs)
    if found is not None:
        text = say(
            "minute.memorising_worse" if found.rises else "minute.memorising",
            network=base.spec.name,
            images=base.config.train_size,
            epoch=found.epoch,
            train=f"{found.train[0]:.3f}",
            train_last=f"{found.train[1]:.3f}",
            test=f"{found.test[0]:.3f}",
            test_last=f"{found.test[1]:.3f}",
        )
    elif apart.widens:
        text = say(
            "minute.gap",
            network=base.spec.name,
            early=apart.early_epoch,
            epochs=base.config.epochs,
            before=say.points(apart.early),
            after=say.points(apart.last),
        )
    else:
        return []
    return [Paragraph(text, href=f"{base.anchor}-curves")]


def _rates(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    """Say what the learning rates did, as far as the seeds allow."""
    say, experiments = context.say, context.report.rates_of(base)
    compared = [(one, compare(base.runs, one.runs)) for one in experiments if one is not base]
    verdicts = [(one.config.lr, found.verdict) for one, found in compared if found is not None]
    if not verdicts:
        return []
    if any(verdict is Verdict.ONE_SEED for _, verdict in verdicts):
        text = say("minute.rates_one_seed", n=len(experiments))
    elif told := _better_and_worse(context, verdicts):
        seeds = min(len(one.runs) for one in experiments)
        text = say("minute.rates_differ", base=rate(base.config.lr), seeds=seeds, told=told)
    else:
        text = say("minute.rates_alike", base=rate(base.config.lr), seeds=len(base.runs))
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


def _report(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    """Hold our figure against the report's, unless these runs were only for a look."""
    say, reported = context.say, base.reported
    if reported is None or context.report.quick:
        return []
    n = base.head.n_images
    around = wilson(round(reported * n), n)
    text = say(
        "minute.report_agrees" if around.holds(base.head.mean) else "minute.report_differs",
        network=base.spec.name,
        reported=say.percent(reported),
        span=say.percents(around.low, around.high),
        ours=context.percent(base.head),
        n_images=n,
    )
    return [Paragraph(text, href="learning-rate" if context.report.rates_of(base)[1:] else "results")]


def _silent(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    """Say how many filters never react, and how many look for the same."""
    say, run = context.say, base.runs[0]
    found = [oddities(run, name, int(run.results["test_head"])) for name in filter_layers(run)]
    texts = []
    for odd in found:
        known: dict[str, int | str] = {"network": base.spec.name, "layer": odd.layer, "all": odd.n_filters}
        known |= {"train": base.config.train_size, "images": odd.n_images}
        if odd.dead:
            texts.append(say("minute.silent", n=len(odd.dead), **known))
        if odd.twins:
            texts.append(say("minute.twins", n=sum(map(len, odd.twins)), **known))
    if found and not texts:
        texts.append(
            say(
                "minute.none_odd",
                network=base.spec.name,
                train=base.config.train_size,
                images=found[0].n_images,
            )
        )
    return [Paragraph(text, href=f"{base.anchor}-filters") for text in texts]


def _confused(context: PageContext, base: ExperimentRuns) -> list[Paragraph]:
    shown = best_trained(context, base)
    if shown is None:
        return []
    found = answers(shown.runs[0])
    if not found.confusions:
        return []
    right, given, times = found.confusions[0]
    text = context.say(
        "minute.confused",
        n=times,
        network=base.spec.name,
        images=shown.config.train_size,
        right=found.names[right],
        given=found.names[given],
    )
    return [Paragraph(text, href=f"{base.anchor}-mistakes")]
