"""How long work took on how many threads, kept on the disk beside the kernels. Must not know what work it is.

One small file; what is damaged, old or somebody else's counts as not there. Two processes that write at once
may lose one of two entries, which is then measured anew. Nothing here ever fails: no file, nothing kept.
"""

import hashlib
import json
import os
import threading
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import Any

from convlens.files import read_bytes
from convlens.kernels.runtime import cache

__all__ = ["keep", "kept", "key_of"]

FORMAT = 1

MOST = 256
"""Entries; the oldest go."""

LARGEST = 1 << 17  # bytes

_writing = threading.Lock()


def key_of(*facts: object) -> str:
    """Return the name of an entry: a hash of all that the times depend on beside the folder's own name."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def kept() -> dict[str, dict[int, float]]:
    """Return seconds by number of threads, for each entry, the oldest first."""
    path = _path()
    try:
        found = json.loads(read_bytes(path, LARGEST)) if path else None
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return {}
    try:
        return {str(key): _times(entry) for key, entry in found["entries"].items()}
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return {}


def keep(key: str, times: dict[int, float]) -> None:
    """Write an entry; where that cannot be done, nothing happens."""
    path = _path()
    if path is None or not _writing.acquire(blocking=False):
        return
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        others = {name: entry for name, entry in kept().items() if name != key}
        entries = dict([*others.items(), (key, times)][-MOST:])
        with suppress(OSError):
            aside.write_text(json.dumps({"format": FORMAT, "entries": entries}), encoding="ascii")
            aside.replace(path)
    finally:
        _writing.release()
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def _path() -> Path | None:
    folder = cache.folder()
    return None if folder is None else folder / "threads.json"


def _times(entry: Any) -> dict[int, float]:
    """Return an entry as it was written.

    Raises:
        AttributeError, OverflowError, TypeError, ValueError: it was not.
    """
    times = {int(threads): float(time) for threads, time in entry.items()}
    if not times or min(times) < 1 or not all(isfinite(time) and time > 0 for time in times.values()):
        raise ValueError
    return times
