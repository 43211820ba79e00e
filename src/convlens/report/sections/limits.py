"""What this page cannot tell: each limit with the numbers of these runs."""

from convlens.report.blocks import Paragraph, Points, Section
from convlens.report.edition import Edition
from convlens.study.statistics import wilson

__all__ = ["limits"]


def limits(edition: Edition) -> Section:
    """Return the limits of what these runs show."""
    say, material = edition.say, edition.material
    texts = []
    if material.quick:
        texts.append(say("limits.quick"))
    fewest = min(len(entry.runs) for entry in material.finished)
    texts.append(say("limits.one_seed") if fewest == 1 else say("limits.seeds", n=fewest))
    texts += [_test_images(edition), *_choice(edition), *_more_updates(edition)]
    if material.shows_reported:
        texts.append(say("limits.protocol"))
    texts.append(say("limits.data", data=str(material.all_runs[0].about["data"]["name"])))
    texts.append(say("limits.filters"))
    items = tuple(Paragraph(text) for text in texts)
    return Section("limits", say("limits.title"), (Points(items),))


def _test_images(edition: Edition) -> str:
    """Say how far off an accuracy may be for the number of test pictures alone."""
    say, entry = edition.say, edition.material.finished[0]
    head, test = entry.head, entry.test
    on_head = wilson(head.n_images - head.wrong[0], head.n_images)
    on_all = wilson(test.n_images - test.wrong[0], test.n_images)
    return say(
        "limits.test_images",
        network=entry.spec.name,
        head=head.n_images,
        accuracy=say.percent(head.values[0]),
        span=say.percents(on_head.low, on_head.high),
        tests=test.n_images,
        span_all=say.percents(on_all.low, on_all.high),
    )


def _choice(edition: Edition) -> list[str]:
    """Say on what the report chose its learning rate, where it did."""
    tried = edition.material.in_section("learning-rate")
    if not edition.material.shows_reported or all(entry.experiment.reported is None for entry in tried):
        return []
    return [edition.say("limits.choice", rates=len(tried) + 1)]


def _more_updates(edition: Edition) -> list[str]:
    """Say that the full set also means more updates, where it is shown."""
    say, material = edition.say, edition.material
    updates = [
        say(
            "limits.updates",
            network=base.spec.name,
            full=edition.updates(full),
            small=edition.updates(base),
        )
        for base in material.bases()
        if base.runs and (full := material.full_of(base)) is not None and full.runs
    ]
    return [say("limits.more_updates", updates=say.series(updates))] if updates else []
