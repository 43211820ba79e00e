"""Verdicts on experiments: compared on held-out images, paired by seed, by one rule for the whole page."""

from dataclasses import dataclass
from statistics import fmean

from convlens.report.blocks import Cell
from convlens.report.edition import Edition
from convlens.report.material import Entry
from convlens.study.statistics import Interval, paired_difference

__all__ = ["RULE_SAME", "SAME", "Verdict", "difference_cell", "verdict"]

SAME = 0.002
"""Same for practical purposes: the whole interval of the difference is closer to zero than this."""

RULE_SAME = f"{100 * SAME:.1f}"
"""The same in points, as the rule says it."""


@dataclass(frozen=True)
class Verdict:
    """How an experiment did against the base, on held-out images, paired by seed.

    Attributes:
        mean: of the differences.
        interval: of that mean, or None with one seed.
        key: of the verdict's words.
    """

    mean: float
    interval: Interval | None
    key: str


def verdict(base: Entry, other: Entry) -> Verdict | None:
    """Compare two experiments on the seeds that both have; None where there is none or nothing held out."""
    if base.validation is None or other.validation is None:
        return None
    accuracies = [{run.seed: run.results["validation_accuracy"] for run in e.runs} for e in (base, other)]
    seeds = sorted(accuracies[0].keys() & accuracies[1].keys())
    if not seeds:
        return None
    before, after = ([found[seed] for seed in seeds] for found in accuracies)
    mean, interval = fmean(after) - fmean(before), paired_difference(before, after)
    return Verdict(mean, interval, _key(interval))


def _key(interval: Interval | None) -> str:
    if interval is None:
        return "verdict.one_seed"
    if interval.low > 0:
        return "verdict.better"
    if interval.high < 0:
        return "verdict.worse"
    return "verdict.same" if max(-interval.low, interval.high) <= SAME else "verdict.unknown"


def difference_cell(edition: Edition, base: Entry, entry: Entry) -> Cell:
    """Return the cell of a table that says how an experiment differs from the base, with its verdict."""
    say, found = edition.say, verdict(base, entry)
    if entry is base or found is None:
        return Cell("—", number=True)
    text = say.points(found.mean, 2)
    if found.interval is not None:
        text = say(
            "rate.mean_and_interval",
            mean=text,
            span=say.point_span(found.interval.low, found.interval.high, 2),
        )
    return Cell(text, note=say(found.key), number=True)
