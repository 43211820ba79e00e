"""Where data sets lie on this machine, beside those that a user names. Must not know which there are."""

import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs

__all__ = ["DATA_FOLDERS", "folders_of_data", "kept_in"]

DATA_FOLDERS = "CONVLENS_DATA"
"""The environment variable that names folders of data sets, or folders of such folders."""


def folders_of_data() -> Iterator[Path]:
    """Yield the folders that the environment names for data sets, and the folders in those."""
    for named in filter(None, os.environ.get(DATA_FOLDERS, "").split(os.pathsep)):
        yield Path(named)
        if Path(named).is_dir():
            yield from sorted(path for path in Path(named).iterdir() if path.is_dir())


def kept_in(name: str) -> Path:
    """Return the folder in which a data set that was downloaded is kept."""
    override = os.environ.get("CONVLENS_CACHE_DIR")
    root = Path(override) if override else platformdirs.user_cache_path("convlens")
    return root / "data" / name
