"""What verdicts on experiments look like in the page's tables."""

from convlens.report.blocks import Cell, Paragraph
from convlens.report.context import PageContext
from convlens.report.report_data import ExperimentRuns
from convlens.study import COMPARISONS, Verdict

__all__ = ["difference_cell", "verdict_rule"]

_WORDS = {
    Verdict.BETTER: "verdict.better",
    Verdict.WORSE: "verdict.worse",
    Verdict.UNKNOWN: "verdict.unknown",
    Verdict.ONE_SEED: "verdict.one_seed",
}


def difference_cell(context: PageContext, experiment: ExperimentRuns) -> Cell:
    """Return the cell of a table that says how an experiment differs from its base, with its verdict."""
    say, found = context.say, context.report.against(experiment)
    if found is None:
        return Cell("—", number=True)
    text = say.points(found.mean, 2)
    if found.interval is not None:
        text = say(
            "rate.mean_and_interval",
            mean=text,
            span=say.point_span(found.interval.low, found.interval.high, 2),
        )
    return Cell(text, note=say(_WORDS[found.verdict]), number=True)


def verdict_rule(context: PageContext) -> list[Paragraph]:
    """State the rule of all verdicts of a page; nothing where no comparison has several seeds."""
    found = [
        one for one in context.report.comparisons.against if one is not None and one.interval is not None
    ]
    if not found:
        return []
    text = context.say(
        "rate.rule",
        n=context.report.n_comparisons,
        level=f"{100 * COMPARISONS:g}",
        images=min(one.n_images for one in found),
        reach=f"{100 * max(one.reach for one in found):.2f}",
    )
    return [Paragraph(text, "note")]
