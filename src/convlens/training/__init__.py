"""Training: the loop, its optimizers, schedules and callbacks. Must not know files or figures."""

from convlens.training.callbacks import Callback, EpochScores
from convlens.training.optimizers import (
    OPTIMIZERS,
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Momentum,
    Nesterov,
    Optimizer,
    RMSprop,
    make_optimizer,
)
from convlens.training.schedules import SCHEDULES
from convlens.training.speed import StepTimes, step_times
from convlens.training.trainer import Trainer

__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Callback",
    "EpochScores",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
    "StepTimes",
    "Trainer",
    "make_optimizer",
    "step_times",
]
