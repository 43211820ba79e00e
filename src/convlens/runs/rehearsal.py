"""Compiles what a run needs before it is begun, so that runs side by side do not all compile the same.

Must not know data: a training of one step on empty pictures goes through every kernel.
"""

from contextlib import suppress

import numpy as np

from convlens.arguments import as_annotated
from convlens.errors import ConvlensError
from convlens.networks import Network
from convlens.runs.config import RunConfig
from convlens.training.trainer import Trainer

__all__ = ["rehearse"]

_JUDGED = 250  # pictures of an evaluation that go through a network together


@as_annotated
def rehearse(config: RunConfig) -> None:
    """Have the kernels of a run compiled, or loaded where they are kept; what a run leaves is not made."""
    if config.engine != "fused":
        return
    count = max(_JUDGED, config.batch_size)
    x = np.zeros((count, *config.network.input_shape), np.uint8)
    t = np.arange(count) % config.network.n_classes
    with suppress(ConvlensError):  # a learning rate beyond sense: the run itself will say so
        Trainer(
            Network(config.network, config.seed, config.engine), x, t, x, t,
            epochs=1, mini_batch_size=config.batch_size, optimizer=config.optimizer,
            optimizer_param=config.optimizer_param, verbose=False, seed=config.seed, threads=1,
        ).train()  # fmt: skip
