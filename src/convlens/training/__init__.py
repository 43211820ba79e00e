"""Training: optimizers, the Trainer, and the run folder that it leaves behind. Must not know figures."""

from convlens.training.callbacks import Callback, EpochScores
from convlens.training.config import RunConfig
from convlens.training.optimizers import (
    OPTIMIZERS,
    SGD,
    AdaGrad,
    Adam,
    Momentum,
    Nesterov,
    Optimizer,
    RMSprop,
    make_optimizer,
)
from convlens.training.run import finished_run, train_run
from convlens.training.run_data import Part, RunData, open_data
from convlens.training.run_folder import Curve, Run
from convlens.training.schedules import SCHEDULES
from convlens.training.speed import StepTimes, step_times
from convlens.training.trainer import Trainer
from convlens.training.verification import Check, verify_run

__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "SGD",
    "AdaGrad",
    "Adam",
    "Callback",
    "Check",
    "Curve",
    "EpochScores",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "Part",
    "RMSprop",
    "Run",
    "RunConfig",
    "RunData",
    "StepTimes",
    "Trainer",
    "finished_run",
    "make_optimizer",
    "open_data",
    "step_times",
    "train_run",
    "verify_run",
]
