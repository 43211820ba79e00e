"""Studies: a design of experiments, its runs, and how sure one may be of it. Must not know figures.

design (TOML) ─▶ study (runs that are there, and missing) ─ workers ─▶ run folders ─▶ statistics, verdicts
"""

from convlens.study.design import DESIGNS, Design, Experiment, load_design
from convlens.study.levels import COMPARISONS, FIGURES, ONSETS, PAGE, corrected
from convlens.study.paired import PairedDifference, paired_difference
from convlens.study.planned import Planned
from convlens.study.power import SinglePair, power, single_pair
from convlens.study.stated import Stated
from convlens.study.statistics import Interval, Measured, difference, one_more_seed, wilson
from convlens.study.study import MOST_SEEDS, Study
from convlens.study.verdicts import Comparison, Pair, Verdict, compare, judged, right_of
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
    "Pair",
    "PairedDifference",
    "Planned",
    "SinglePair",
    "Stated",
    "Study",
    "Verdict",
    "compare",
    "corrected",
    "difference",
    "judged",
    "load_design",
    "make_run",
    "one_more_seed",
    "paired_difference",
    "power",
    "right_of",
    "single_pair",
    "wilson",
]
