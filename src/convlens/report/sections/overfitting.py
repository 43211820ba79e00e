"""What is said of overfitting: where it begins, in which seeds, in updates and epochs, and with more data."""

from collections.abc import Sequence

from convlens.findings import MoreData, Onset, more_data, onsets
from convlens.report.context import PageContext
from convlens.report.report_data import ExperimentRuns

__all__ = ["begins", "by_seed", "with_more_data"]


def begins(context: PageContext, experiment: ExperimentRuns) -> str | None:
    """Say after how many updates overfitting begins, and in how many seeds it does not; or None."""
    say, found = context.say, onsets(experiment.runs)
    if not found.found:
        return None
    n, seeds = len(found.found), len(found.by_seed)
    values: dict[str, int | str] = {
        "network": experiment.spec.name,
        "images": experiment.config.train_size,
        "place": _place(context, found.found),
    }
    if seeds == 1:
        return say("minute.memorising_one", seed=experiment.runs[0].seed, **values)
    if n == seeds:
        return say("minute.memorising_all", seeds=seeds, **values)
    return say("minute.memorising_some", n=n, seeds=seeds, others=seeds - n, **values)


def with_more_data(context: PageContext, base: ExperimentRuns) -> str | None:
    """Say whether the full set overfits later, or not at all, in updates; None where nothing can be said."""
    say, full = context.say, context.report.full_of(base)
    if full is None or not full.runs:
        return None
    small, large = onsets(base.runs), onsets(full.runs)
    values: dict[str, int | str] = {
        "images": full.config.train_size,
        "seeds": context.seeds(len(full.runs)),
    }
    match more_data(small, large):
        case MoreData.LATER:
            return say("minute.overfits_later", place=_place(context, large.found), **values)
        case MoreData.NOT_AT_ALL:
            return say("minute.overfits_never", updates=large.updates, epochs=large.epochs, **values)
        case _:
            return None


def by_seed(context: PageContext, experiment: ExperimentRuns) -> str:
    """Say of each seed where overfitting begins, or of how many that it does not."""
    say, found = context.say, onsets(experiment.runs)
    values: dict[str, int | str] = {"images": experiment.config.train_size}
    without = [str(seed) for seed, one in found.by_seed.items() if one is None]
    if not found.found:
        ends = {"epochs": found.epochs, "updates": found.updates}
        return say("curves.no_onset", n=len(found.by_seed), **ends, **values)
    told = say.series([_one(context, seed, one) for seed, one in found.by_seed.items() if one is not None])
    if not without:
        return say("curves.onset_all", n=len(found.by_seed), told=told, **values)
    return say(
        "curves.onset_some", n=len(found.found), seeds=len(found.by_seed), told=told, others=len(without),
        which=say.listing(without), **values,
    )  # fmt: skip


def _one(context: PageContext, seed: int, one: Onset) -> str:
    return context.say(
        "curves.onset_rises" if one.rises else "curves.onset",
        seed=seed,
        epoch=one.epoch,
        update=one.update,
        train=f"{one.train[0]:.3f}",
        train_last=f"{one.train[1]:.3f}",
        test=f"{one.test[0]:.3f}",
        test_last=f"{one.test[1]:.3f}",
    )


def _place(context: PageContext, found: Sequence[Onset]) -> str:
    """Say after how many updates and epochs the earliest and the latest onset come."""
    say = context.say
    return say(
        "minute.updates_and_epochs",
        n=len({one.epoch for one in found}),
        updates=say.counts([one.update for one in found]),
        epochs=say.counts([one.epoch for one in found]),
    )
