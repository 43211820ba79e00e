"""What verdicts on experiments look like in the page's tables."""

from convlens.report.blocks import Cell
from convlens.report.context import PageContext
from convlens.report.report_data import ExperimentRuns
from convlens.study import SAME, Verdict, compare

__all__ = ["RULE_SAME", "difference_cell"]

RULE_SAME = f"{100 * SAME:.1f}"
"""Same for practical purposes: so many points, as the rule says it."""

_WORDS = {
    Verdict.BETTER: "verdict.better",
    Verdict.WORSE: "verdict.worse",
    Verdict.SAME: "verdict.same",
    Verdict.UNKNOWN: "verdict.unknown",
    Verdict.ONE_SEED: "verdict.one_seed",
}


def difference_cell(context: PageContext, base: ExperimentRuns, experiment: ExperimentRuns) -> Cell:
    """Return the cell of a table that says how an experiment differs from the base, with its verdict."""
    say, found = context.say, compare(base.runs, experiment.runs)
    if experiment is base or found is None:
        return Cell("—", number=True)
    text = say.points(found.mean, 2)
    if found.interval is not None:
        text = say(
            "rate.mean_and_interval",
            mean=text,
            span=say.point_span(found.interval.low, found.interval.high, 2),
        )
    return Cell(text, note=say(_WORDS[found.verdict]), number=True)
