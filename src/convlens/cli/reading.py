"""Data that are read before a training, with what is to be said of them. Must not know commands."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convlens.data.examined import examined, unseen
from convlens.data.sources import BUNDLED, Opened, is_named, read_source
from convlens.errors import DataError
from convlens.runs.settings import SETTINGS
from convlens.training import Callback

if TYPE_CHECKING:
    from convlens.cli.progress import ShowProgress
    from convlens.training import Trainer

__all__ = ["TellsFirst", "Ticks", "read_first"]

_PATIENCE = 2.0  # seconds before a reading is worth a bar
_EVERY = 0.1  # seconds between two looks at it


class Ticks:
    """Shows how far a reading is, once it takes long."""

    def __init__(self, progress: "ShowProgress") -> None:
        self._progress = progress
        self._next = time.monotonic() + _PATIENCE

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _EVERY
            self._progress.count(done, total)


def read_first(progress: "ShowProgress", given: dict[str, Any]) -> Opened | None:
    """Read the data of a run before anything else; they stay in memory.

    Args:
        progress: shows how far the reading is, once it takes long.
        given: settings of the run by name, as they were typed.

    Returns:
        data of which there may be something to be said; None of a set with a name, or of data that are gone.
    """
    source, size = (given.get(name) or SETTINGS[name].default for name in ("data", "size"))
    if source == BUNDLED:
        return None
    progress.begin(progress.say("progress.reading", data=source))
    try:
        opened = read_source(source, size, Ticks(progress))
    except DataError:
        if is_named(source) or Path(source).exists():
            raise
        return None  # a run that is finished needs no data: whoever needs them says that they are gone
    finally:
        progress.end()
    return None if is_named(source) else opened


class TellsFirst(Callback):
    """Says what is to be said of data, a line each, when a training on them begins.

    Args:
        progress: where it is said.
        opened: the data.
        train_size: how many of the training images are trained on.
    """

    may_change_parameters = False

    def __init__(self, progress: "ShowProgress", opened: Opened, train_size: int) -> None:
        self._progress, self._opened, self._train_size = progress, opened, train_size

    def on_start(self, trainer: "Trainer") -> None:
        del trainer
        train = self._opened.pair.train
        missing = unseen(train.labels, train.class_names, self._train_size)
        for remark in (*self._opened.remarks, *examined(self._opened.pair), *missing):
            self._progress.tell(train.name, remark.told(self._progress.say.lang))
