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
    if found.is_equal:
        return Cell(text, note=say("verdict.same_answers"), number=True)
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
    say, level = context.say, f"{100 * COMPARISONS:g}"
    texts = [say("rate.rule", n=context.report.n_comparisons, level=level)]
    if context.report.shipped and context.report.shows_reported:  # the study that was known
        texts.append(say("rate.division", level=level))
    reach = f"{100 * max(one.reach for one in found):.2f}"
    if float(reach):  # where all answers are the same ones, the choice of images leaves nothing open
        texts.append(say("rate.reach", images=min(one.n_images for one in found), reach=reach))
    return [Paragraph(context.sentences(texts), "note")]
