"""What this page cannot tell: each limit with the numbers of these runs."""

from convlens.report.blocks import Paragraph, Points, Section
from convlens.report.context import PageContext
from convlens.study.statistics import wilson

__all__ = ["limits"]


def limits(context: PageContext) -> Section:
    """Return the limits of what these runs show."""
    say, report = context.say, context.report
    texts = []
    if report.quick:
        texts.append(say("limits.quick"))
    fewest = min(len(experiment.runs) for experiment in report.finished)
    texts.append(say("limits.one_seed") if fewest == 1 else say("limits.seeds", n=fewest))
    texts += [_test_images(context), *_choice(context), *_more_updates(context)]
    if report.shows_reported:
        texts.append(say("limits.protocol"))
    data = list(dict.fromkeys(run.data_name for run in report.all_runs))
    texts.append(say("limits.data", data=say.listing(data)))
    texts.append(say("limits.filters"))
    items = tuple(Paragraph(text) for text in texts)
    return Section("limits", say("limits.title"), (Points(items),))


def _test_images(context: PageContext) -> str:
    """Say how far off an accuracy may be for the number of test pictures alone."""
    say, experiment = context.say, context.report.finished[0]
    head, test = experiment.head, experiment.test
    on_head = wilson(head.n_images - head.wrong[0], head.n_images)
    on_all = wilson(test.n_images - test.wrong[0], test.n_images)
    return say(
        "limits.test_images_set" if head.n_images == test.n_images else "limits.test_images",
        network=experiment.spec.name,
        seed=experiment.runs[0].seed,
        head=head.n_images,
        accuracy=say.percent(head.values[0]),
        span=say.percents(on_head.low, on_head.high),
        tests=test.n_images,
        span_all=say.percents(on_all.low, on_all.high),
    )


def _choice(context: PageContext) -> list[str]:
    """Say on what the report chose its learning rate, where it did."""
    tried = context.report.other_rates(next(context.report.bases()))
    if not context.report.shows_reported or all(experiment.reported is None for experiment in tried):
        return []
    return [context.say("limits.choice", rates=len(tried) + 1)]


def _more_updates(context: PageContext) -> list[str]:
    """Say that the full set also means more updates, where it is shown and does."""
    say, report = context.say, context.report
    updates = [
        say(
            "limits.updates",
            network=base.spec.name,
            full=full.config.n_steps,
            small=base.config.n_steps,
        )
        for base in report.bases()
        if base.runs
        and (full := report.full_of(base)) is not None
        and full.runs
        and full.config.n_steps > base.config.n_steps
    ]
    return [say("limits.more_updates", updates=say.series(updates))] if updates else []
