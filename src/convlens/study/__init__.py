"""Studies: a design of experiments, its runs, and how sure one may be of it. Must not know figures.

design (TOML) ─▶ study (runs that are there, and missing) ─ workers ─▶ run folders ─▶ statistics, verdicts
"""

from convlens.study.design import DESIGNS, Design, Experiment, load_design
from convlens.study.how_many import workers_for
from convlens.study.levels import COMPARISONS, FIGURES, ONSETS, PAGE
from convlens.study.local_workers import MOST_WORKERS, LocalWorkers
from convlens.study.planned import Planned
from convlens.study.statistics import Interval, Measured, difference, one_more_seed, wilson
from convlens.study.study import MOST_SEEDS, Study
from convlens.study.verdicts import Comparison, Verdict, compare
from convlens.study.workers import InProcess, alone, make_run, make_run_beside

__all__ = [
    "COMPARISONS",
    "DESIGNS",
    "FIGURES",
    "MOST_SEEDS",
    "MOST_WORKERS",
    "ONSETS",
    "PAGE",
    "Comparison",
    "Design",
    "Experiment",
    "InProcess",
    "Interval",
    "LocalWorkers",
    "Measured",
    "Planned",
    "Study",
    "Verdict",
    "alone",
    "compare",
    "difference",
    "load_design",
    "make_run",
    "make_run_beside",
    "one_more_seed",
    "wilson",
    "workers_for",
]
