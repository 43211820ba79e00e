"""Which epochs' weights a run keeps, each in a file of its own. Must not know what wrote them.

Every layer's weights of at most `MOST_EPOCHS` epochs are kept, the first weights and the last ones among
them; the others take at most `MOST_BYTES` together, so of a large network fewer are kept, or none.
"""

from pathlib import Path

import numpy as np

__all__ = ["FOLDER", "MOST_BYTES", "MOST_EPOCHS", "epoch_file", "kept_epochs"]

FOLDER = "epochs"
MOST_EPOCHS = 11
MOST_BYTES = 16 << 20


def kept_epochs(last: int, n_bytes: int) -> tuple[int, ...]:
    """Return the epochs whose weights are kept, from 0, the first weights, to `last`; denser at the start.

    Args:
        last: the last epoch, 1 or more.
        n_bytes: of one network's weights.

    >>> kept_epochs(20, 1_000_000)
    (0, 1, 2, 3, 4, 5, 6, 7, 10, 14, 20)
    >>> kept_epochs(20, 5_000_000)
    (0, 1, 4, 9, 20)
    >>> kept_epochs(20, 50_000_000)
    (0, 20)
    """
    most = min(MOST_EPOCHS, 2 + MOST_BYTES // max(n_bytes, 1))
    if last < most:
        return tuple(range(last + 1))
    wanted = np.round(np.geomspace(1, last + 1, most)).astype(int) - 1
    for place in range(1, most):  # where rounding made two the same, the later one moves on
        wanted[place] = max(wanted[place], wanted[place - 1] + 1)
    return tuple(wanted.tolist())


def epoch_file(epoch: int, last: int) -> str:
    """Return the name of the file with an epoch's weights, within the run's folder."""
    if epoch == 0:
        return "initial.safetensors"
    return "final.safetensors" if epoch == last else (Path(FOLDER) / f"{epoch:04}.safetensors").as_posix()
