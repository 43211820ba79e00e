"""Studies: a design of experiments, its runs, and how sure one may be of it. Must not know figures.

design (TOML) ─▶ study (runs that are there, and missing) ─ workers ─▶ run folders ─▶ statistics, verdicts
"""

from convlens.study.design import DESIGNS, Design, Experiment, load_design
from convlens.study.levels import COMPARISONS, FIGURES, ONSETS, PAGE
from convlens.study.planned import Planned
from convlens.study.statistics import Interval, Measured, difference, one_more_seed, wilson
from convlens.study.study import MOST_SEEDS, Study
from convlens.study.verdicts import Comparison, Verdict, compare
from convlens.study.workers import InProcess, make_run

__all__ = [
    "COMPARISONS",
    "DESIGNS",
    "FIGURES",
    "MOST_SEEDS",
    "ONSETS",
    "PAGE",
    "Comparison",
    "Design",
    "Experiment",
    "InProcess",
    "Interval",
    "Measured",
    "Planned",
    "Study",
    "Verdict",
    "compare",
    "difference",
    "load_design",
    "make_run",
    "one_more_seed",
    "wilson",
]
