"""What is said of a network that learned nothing: how that shows, the likely cause, what to try."""

from statistics import fmean

from convlens.findings import Cause, baseline, learned
from convlens.numerals import digits_for
from convlens.report.context import PageContext, rate
from convlens.report.report_data import ExperimentRuns

__all__ = ["nothing"]

_CAUSES = {
    Cause.RATE_TOO_HIGH: "cause.rate_too_high",
    Cause.DEAD: "cause.dead",
    Cause.OTHER_LABELS: "cause.other_labels",
    Cause.BY_HEART: "cause.by_heart",
    Cause.TOO_FEW_UPDATES: "cause.too_few_updates",
    Cause.RATE_TOO_LOW: "cause.rate_too_low",
    Cause.VANISHING: "cause.vanishing",
    Cause.UNCLEAR: "cause.unclear",
}


def nothing(context: PageContext, experiment: ExperimentRuns) -> str | None:
    """Say in how many seeds an experiment learned nothing, and why the first of them did; or None."""
    say, found = context.say, [learned(run) for run in experiment.runs]
    idle = [one for one in found if one.cause is not None]
    if not idle or idle[0].cause is None:
        return None
    base = baseline(experiment.runs)
    digits = digits_for(base.n_images)
    cause = say(_CAUSES[idle[0].cause], lr=rate(experiment.config.lr), updates=experiment.config.n_steps)
    return say(
        "minute.nothing_one" if len(found) == 1 else "minute.nothing",
        network=experiment.spec.name,
        train=experiment.config.train_size,
        lr=rate(experiment.config.lr),
        n=len(idle),
        seed=idle[0].seed,
        seeds=len(found),
        level=say("level.below" if all(one.is_below for one in idle) else "level.guessing"),
        accuracy=say.percent(fmean(one.accuracy for one in idle), digits),
        name=base.name,
        share=say.percent(base.share, digits),
        tests=base.n_images,
        cause=cause,
    )
