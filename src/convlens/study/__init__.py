"""Studies: a design of experiments, its runs, and how sure one may be of it. Must not know figures.

design (TOML) ─▶ study (runs that are there, and missing) ─ workers ─▶ run folders ─▶ statistics, verdicts
"""

from convlens.study.design import DESIGNS, Design, Experiment, load_design
from convlens.study.how_many import workers_for
from convlens.study.local_workers import MOST_WORKERS, LocalWorkers
from convlens.study.planned import Planned
from convlens.study.statistics import Interval, Measured, difference, one_run, paired_difference, wilson
from convlens.study.study import MOST_SEEDS, Study
from convlens.study.verdicts import SAME, Comparison, Verdict, compare, verdict_on
from convlens.study.workers import InProcess, alone, make_run, make_run_beside

__all__ = [
    "DESIGNS",
    "MOST_SEEDS",
    "MOST_WORKERS",
    "SAME",
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
    "one_run",
    "paired_difference",
    "verdict_on",
    "wilson",
    "workers_for",
]
