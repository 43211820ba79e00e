"""Runs: what a training is, as data, and the folder that it leaves behind. Must not know figures.

Rooms behind this one read runs through `Run` alone; none reaches back into the loop.
"""

from convlens.runs.config import RunConfig
from convlens.runs.data import Part, RunData, open_data
from convlens.runs.folder import Curve, Run
from convlens.runs.make import finished_run, train_run
from convlens.runs.verification import Check, verify_run

__all__ = [
    "Check",
    "Curve",
    "Part",
    "Run",
    "RunConfig",
    "RunData",
    "finished_run",
    "open_data",
    "train_run",
    "verify_run",
]
