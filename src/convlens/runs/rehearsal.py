"""Compiles what a run needs before it is begun, so that runs side by side have it all. Must not know data."""

import numpy as np

from convlens.arguments import as_annotated
from convlens.networks.engines import compile_ahead, engine_for
from convlens.runs.config import RunConfig

__all__ = ["rehearse"]


@as_annotated
def rehearse(config: RunConfig) -> None:
    """Have the kernels of a run compiled, or loaded where they are kept; what a run leaves is not made."""
    if engine_for(config.engine, config.network) != "fused":
        return
    x, t = np.zeros((1, *config.network.input_shape), np.uint8), np.zeros(1, np.uint8)
    compile_ahead(config.network, config.optimizer, x, t)
    if config.augment:
        from convlens.engine.augmentation import rehearse_moving  # noqa: PLC0415 (Numba: half a second)

        rehearse_moving(x.shape[1:], x.dtype)
