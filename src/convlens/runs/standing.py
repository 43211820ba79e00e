"""How far a run is that another process makes, by what it writes beside its place. Must not know who looks.

Nobody sends anything: a process that is killed leaves no lock behind in which others would wait.
"""

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path

__all__ = ["Followed", "Standing"]

_CLOCK = 2.0  # seconds by which a file system's clock may be behind
_MOST = 1 << 24  # bytes of a history that are read at once


@dataclass(frozen=True)
class Standing:
    """What a run has told of itself.

    Attributes:
        step, epoch: how many are done.
        loss: of the latest batch.
        accuracy: on the test images that are looked at, after the latest epoch.
        n_images: how many these are.
    """

    step: int = 0
    epoch: int = 0
    loss: float | None = None
    accuracy: float | None = None
    n_images: int | None = None

    @property
    def test(self) -> tuple[float, int] | None:
        """The accuracy and of how many images, if both are known."""
        return None if self.accuracy is None or self.n_images is None else (self.accuracy, self.n_images)


class Followed:
    """Reads the history of the run that gets its place at `out`, as it grows.

    Args:
        out: the run's folder, which need not be there.
        since: histories written before this moment, in seconds since 1970, are of earlier attempts; None
            for now.
    """

    def __init__(self, out: Path, since: float | None = None) -> None:
        self._out = out
        self._since = time.time() - _CLOCK if since is None else since
        self._path: Path | None = None
        self._read = 0
        self._standing = Standing()

    def look(self) -> Standing | None:
        """Return how far it is, or None while nobody is at work on it, or it cannot be known."""
        if os.name == "nt":  # where a folder cannot get its name while a file in it is read
            return None
        with suppress(OSError):  # it is finished, or begun anew, in just this moment
            path = self._path if self._path is not None and self._path.exists() else self._found()
            if path != self._path:
                self._path, self._read, self._standing = path, 0, Standing()
            if path is not None:
                self._go_on(path)
        return None if self._path is None else self._standing

    def _found(self) -> Path | None:
        pattern = f".{escape(self._out.name)}.*.partial/history.jsonl"
        grown = [path for path in self._out.parent.glob(pattern) if path.stat().st_mtime >= self._since]
        return max(grown, key=lambda path: path.stat().st_mtime, default=None)

    def _go_on(self, path: Path) -> None:
        """Take in the lines that are whole."""
        if path.stat().st_size < self._read:
            self._read, self._standing = 0, Standing()
        with path.open("rb") as file:
            file.seek(self._read)
            content = file.read(_MOST)
        whole = content[: content.rfind(b"\n") + 1]
        self._read += len(whole)
        now = self._standing
        for line in whole.splitlines():
            now = _after(now, line)
        self._standing = now


def _after(standing: Standing, line: bytes) -> Standing:
    """Return the standing after one more line; one that cannot be read says nothing."""
    try:
        event = json.loads(line)
        if event["event"] == "step":
            return replace(standing, step=event["step"], loss=float(event["loss"]))
        test = event["test"]
        accuracy, n_images = float(test["accuracy"]), int(test["n_samples"])
        return replace(standing, epoch=event["epoch"], accuracy=accuracy, n_images=n_images)
    except (ValueError, KeyError, TypeError):
        return standing
