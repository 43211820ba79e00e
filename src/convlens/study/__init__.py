"""Studies: a design of experiments, and its runs. Must not know figures."""

from convlens.study.design import DESIGNS, Design, Experiment, Section, load_design
from convlens.study.study import Planned, Study

__all__ = ["DESIGNS", "Design", "Experiment", "Planned", "Section", "Study", "load_design"]
