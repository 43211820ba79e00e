"""Studies: a design of experiments, its runs, and how sure one may be of them. Must not know figures."""

from convlens.study.design import DESIGNS, Design, Experiment, Section, load_design
from convlens.study.statistics import Interval, Measured, difference, one_run, paired_difference, wilson
from convlens.study.study import Planned, Study

__all__ = [
    "DESIGNS",
    "Design",
    "Experiment",
    "Interval",
    "Measured",
    "Planned",
    "Section",
    "Study",
    "difference",
    "load_design",
    "one_run",
    "paired_difference",
    "wilson",
]
