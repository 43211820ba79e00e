"""What the original report concluded, whether it was right, and whether its evidence could have shown it."""

from convlens.report.context import PageContext, rate
from convlens.report.report_data import ExperimentRuns
from convlens.study import Comparison, Verdict
from convlens.study.power import power, single_pair
from convlens.study.stated import Stated
from convlens.study.verdicts import right_of

__all__ = ["conclusion", "edge", "same_images"]


def same_images(context: PageContext, base: ExperimentRuns) -> str | None:
    """Hold the report's count against ours, on the same images; None where there is none to hold."""
    say, found = context.say, context.report.as_expected(base)
    if base.reported is None or not context.report.shows_reported or len(base.runs) < 2:
        return None
    n = base.head.n_images
    return say(
        "minute.report_agrees" if found else "minute.report_differs",
        network=base.spec.name,
        lr=rate(base.config.lr),
        reported=context.stated(base.reported),
        theirs=say.counts(Stated(base.reported).counts(n)),
        ours=say.counts([n - wrong for wrong in base.head.wrong]),
        seeds=context.seeds(len(base.runs)),
        images=n,
    )


def edge(context: PageContext, base: ExperimentRuns) -> list[str]:
    """Say that the best learning rate on held-out images is the largest or the smallest tried, if it is."""
    say, experiments = context.say, context.report.rates_of(base)
    held_out = {one.config.lr: one.validation.mean for one in experiments if one.validation is not None}
    if len(held_out) < 2:
        return []
    best = max(held_out, key=held_out.__getitem__)
    if best not in {min(held_out), max(held_out)}:
        return []
    return [say("rate.largest" if best == max(held_out) else "rate.smallest", lr=rate(best))]


def conclusion(context: PageContext, base: ExperimentRuns) -> str | None:
    """Say in one sentence what the report decided for, whether rightly, and what its evidence was worth.

    None where it decided for nothing, or there is one seed.
    """
    say, report = context.say, context.report
    picked = next((one for one in report.experiments if one.name == report.picked), None)
    found = None if picked is None or report.quick else report.against(picked)
    if picked is None or found is None or found.interval is None or base.reported is None:
        return None
    if picked.reported is None:
        return None
    pair = single_pair(right_of(base.runs), right_of(picked.runs), base.head.n_images)
    return say(
        _VERDICTS[found.verdict],
        lr=rate(picked.config.lr),
        base=rate(base.config.lr),
        before=context.stated(base.reported),
        after=context.stated(picked.reported),
        mean=say.points(abs(found.mean), 2).lstrip("+"),
        held_out=found.n_images,
        seeds=context.seeds(len(found.seeds)),
        others=_top(context, base, picked),
        images=pair.n_images,
        power=_in_tenths(context, power(pair)),
    )


def _in_tenths(context: PageContext, share: float) -> str:
    """Say a share of cases as exactly as few seeds tell it."""
    if share < _RARE or share >= 1 - _RARE:
        return context.say("rate.power_few" if share < _RARE else "rate.power_most")
    return context.say("rate.power_about", n=max(1, min(9, round(10 * share))))


_RARE = 0.05
_VERDICTS = {
    Verdict.BETTER: "rate.chose_better",
    Verdict.WORSE: "rate.chose_worse",
    Verdict.UNKNOWN: "rate.chose_unknown",
}


def _top(context: PageContext, base: ExperimentRuns, picked: ExperimentRuns) -> str:
    """Say how the picked experiment stands to the other one of the two best, if it is one of them; or ""."""
    two = context.report.top_two(base)
    if two is None or all(picked is not one for one in two[:2]):
        return ""
    other = two[1] if picked is two[0] else two[0]
    return context.say(_TOP[_seen_from(two[2], picked is two[0])], lr=rate(other.config.lr))


_TOP = {
    Verdict.BETTER: "rate.beats",
    Verdict.WORSE: "rate.beaten",
    Verdict.UNKNOWN: "rate.not_told_apart",
    Verdict.ONE_SEED: "rate.not_told_apart",
}


def _seen_from(comparison: Comparison, is_best: bool) -> Verdict:
    """Return the verdict of the best against the second, or turned round."""
    if is_best or comparison.verdict is not Verdict.BETTER:
        return comparison.verdict
    return Verdict.WORSE
