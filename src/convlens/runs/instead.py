"""What is in a folder that is no run, and what to type instead. Must not know what a run holds."""

import os
from collections.abc import Iterator
from contextlib import suppress
from glob import escape
from itertools import islice
from pathlib import Path

from convlens.errors import shown

__all__ = ["RUN", "not_a_run"]

RUN = "run.json"
"""The file by which a run's folder is known."""

_DEEP = 2  # folders below the one that was given
_LOOKED_AT = 2000  # entries: of a folder of a million nobody waits for the sentence
_NAMED = 3


def not_a_run(folder: Path, why: str) -> str:
    """Return the sentence on a folder, or whatever was given, that has no `run.json` to be read.

    Args:
        folder: as it was given.
        why: it cannot be read, as the system says.
    """
    return f"{folder} is not a run: cannot read {RUN} ({why.rstrip('.')}). {_remedy(folder)}"


def _remedy(folder: Path) -> str:
    """Say where a run is instead, or else what is there."""
    with suppress(OSError, ValueError):
        if folder.is_dir():
            return _within(folder)
        if folder.is_file():
            is_within = (folder.parent / RUN).is_file()
            return f"It is a file: give {'its folder' if is_within else 'a folder of a run'}{_such(folder)}"
        return f"There is no such folder: give one that `convlens train` has written{_near(folder)}"
    return "Give a folder that `convlens train` has written."


def _within(folder: Path) -> str:
    if (folder / RUN).exists():
        return "Give a folder whose run.json can be read."
    if (folder.parent / RUN).is_file():
        return f"It lies within a run: give {_parent(folder)}."
    if found := list(islice(_below(folder), 1)):
        return f"Runs are in it: give one or more of them, such as {found[0]}."
    return _what_is_there(folder)


def _such(file: Path) -> str:
    """Name the folder of a file that belongs to a run."""
    return f", {_parent(file)}." if (file.parent / RUN).is_file() else "."


def _parent(path: Path) -> Path:
    return path.parent if path.parent != path else path.absolute().parent


def _near(folder: Path) -> str:
    """Name a run beside a folder that is not there, and a training that has not come to its end."""
    if any(folder.parent.glob(f".{escape(folder.name)}.*.partial")):
        return ". A training of this name was begun: the same command goes on with it."
    beside = list(islice(_below(folder.parent), 1)) if folder.parent.is_dir() else []
    return f", such as {beside[0]}." if beside else "."


def _below(folder: Path, deep: int = _DEEP) -> Iterator[Path]:
    """Yield the runs in a folder and in those within it, by their names."""
    inner = [entry for entry in sorted(_entries(folder)) if entry.is_dir() and not entry.is_symlink()]
    runs = [entry for entry in inner if (entry / RUN).is_file() and not entry.name.startswith(".")]
    yield from runs
    if deep > 1:
        for entry in inner:
            if entry not in runs and not entry.name.startswith("."):
                yield from _below(entry, deep - 1)


def _entries(folder: Path) -> list[Path]:
    with suppress(OSError), os.scandir(folder) as entries:
        return [folder / entry.name for entry in islice(entries, _LOOKED_AT)]
    return []


def _what_is_there(folder: Path) -> str:
    names = sorted(entry.name for entry in _entries(folder) if not entry.name.startswith("."))
    if not names:
        return "It is empty: give a folder that `convlens train` has written."
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    there = ", ".join(shown(name).strip("'") for name in names[:_NAMED])
    return f"In it are {there}{more}: give a folder that `convlens train` has written."
