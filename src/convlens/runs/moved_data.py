"""Data that no longer lie where a run was trained on them: found by their checksums. Must not know runs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from convlens.data.mnist import SHA256 as MNIST_SHA256
from convlens.data.places import folders_of_data
from convlens.data.sources import BUNDLED
from convlens.errors import DataError, UsageError
from convlens.runs.data import RunData, open_data

__all__ = ["data_with"]


def data_with(
    sha256: Mapping[str, str], source: str, train_size: int, size: str, name: str
) -> RunData | None:
    """Return the data that have these checksums, wherever they lie on this machine; None if none have.

    They are the bundled ones, or looked for where they lay, and in the folders that the environment variable
    `CONVLENS_DATA` names and the folders in those.

    Args:
        sha256: of each file or part.
        source: where they lay.
        train_size: how many pictures the run is trained on.
        size: of the pictures, as the run wants it.
        name: what the set was called.
    """
    for place in _places(sha256, source):
        try:
            data = open_data(place, train_size, size)
        except (DataError, UsageError):
            continue
        if data.sha256 == sha256:
            return replace(data, name=name)
    return None


def _places(sha256: Mapping[str, str], source: str) -> Iterator[str]:
    if sha256 == MNIST_SHA256:
        yield BUNDLED
    if source != BUNDLED:
        yield source
    name = Path(source).name
    there = [place for folder in folders_of_data() for place in (folder, folder / name)]
    yield from map(str, sorted(there, key=lambda place: place.name != name))  # the likely ones first
