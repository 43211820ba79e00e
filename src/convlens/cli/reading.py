"""Data that are read before a training, with what is to be said of them. Must not know the training."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convlens.runs.settings import SETTINGS

if TYPE_CHECKING:
    from convlens.cli.progress import ShowProgress

__all__ = ["Ticks", "read_aloud"]

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


def read_aloud(progress: "ShowProgress", given: dict[str, Any]) -> None:
    """Read the data of a run, which stay in memory, and say what is to be said of them, a line each.

    Args:
        progress: where it is said.
        given: settings of the run by name, as they were typed; of a set with a name nothing is said.
    """
    from convlens.data.examined import examined, unseen  # noqa: PLC0415 (lazy)
    from convlens.data.sources import BUNDLED, is_named, read_source  # noqa: PLC0415
    from convlens.errors import DataError  # noqa: PLC0415

    source, size = (given.get(name) or SETTINGS[name].default for name in ("data", "size"))
    if source == BUNDLED:
        return
    progress.begin(progress.say("progress.reading", data=source))
    try:
        opened = read_source(source, size, Ticks(progress))
    except DataError:
        if is_named(source) or Path(source).exists():
            raise
        return  # a run that is finished needs no data: whoever needs them says that they are gone
    finally:
        progress.end()
    if is_named(source):
        return
    train = opened.pair.train
    there = train.labels, train.class_names, given.get("train_size") or len(train)
    for remark in (*opened.remarks, *examined(opened.pair), *unseen(*there)):
        progress.tell(train.name, remark.told(progress.say.lang))
