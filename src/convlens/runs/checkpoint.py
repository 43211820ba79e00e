"""A checkpoint: one file from which a training goes on bit for bit. Must not know what is trained.

It holds the Trainer's state as arrays, and the stamps of the files that the run had written by then: what
they hold (losses, weights of epochs) is not written again, so a checkpoint is as large after the last epoch
as after the first. Its own SHA-256 is over everything in it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convlens._typing import Array
from convlens.errors import DataError, RunError
from convlens.networks import read_arrays, write_arrays
from convlens.networks.weights import read_metadata
from convlens.runs.stamps import Stamp, stamps_from

__all__ = ["FORMAT", "Checkpoint"]

FORMAT = "2"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What a training needs to go on.

    Attributes:
        state: arrays by name.
        files: the stamps of what was written by then, by names within the run's folder.
    """

    state: dict[str, Array]
    files: dict[str, Stamp]

    def write(self, path: Path) -> None:
        """Write it atomically: a crash leaves this one or the one before.

        Raises:
            ConvlensError: it cannot be written.
        """
        files = json.dumps({name: one.to_dict() for name, one in self.files.items()}, sort_keys=True)
        texts = {"format": FORMAT, "files": files}
        write_arrays(path, self.state, {**texts, "sha256": _digest(self.state, texts)})

    @classmethod
    def read(cls, path: Path) -> "Checkpoint":
        """Return what a file holds.

        Raises:
            RunError: it is damaged, or of another format.
        """
        try:
            state, texts = read_arrays(path), read_metadata(path)
        except DataError as error:
            raise RunError(f"{path.name} cannot be read: {error}") from None
        if texts.get("format") != FORMAT:
            raise RunError(f"{path.name} has format {texts.get('format', '1')[:20]}, not {FORMAT}.")
        if texts.pop("sha256", None) != _digest(state, texts):
            raise RunError(f"{path.name} is not what was written: its SHA-256 is another.")
        return cls(state, stamps_from(json.loads(texts["files"]), path.name))


def _digest(state: Mapping[str, Array], texts: Mapping[str, str]) -> str:
    """Return the SHA-256 over names, types, shapes and numbers, and the texts."""
    digest = hashlib.sha256(json.dumps(dict(texts), sort_keys=True).encode())
    for name in sorted(state):
        array = np.asarray(state[name], order="C")
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
