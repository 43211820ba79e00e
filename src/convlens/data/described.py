"""What a data set is, in numbers, for whoever looks before a training. Must not know how it is shown."""

from dataclasses import dataclass
from os import fspath
from typing import Any

from convlens.arguments import AnyPath
from convlens.data.dataset import DatasetPair
from convlens.data.examined import class_counts, examined
from convlens.data.named_sets import NAMED_SETS, where
from convlens.data.picture_folder import Ticks
from convlens.data.remarks import Remark
from convlens.data.sources import BUNDLED, place_of, read_source

__all__ = ["Description", "Known", "described", "known_sets"]


@dataclass(frozen=True, eq=False)
class Description:
    """A data set, and what is to be said of it.

    Attributes:
        source: its name or place.
        pair: its parts.
        remarks: what is odd or wrong with it.
    """

    source: str
    pair: DatasetPair
    remarks: tuple[Remark, ...]

    @property
    def counts(self) -> list[tuple[str, int, int]]:
        """Each class with how many training and test images it has."""
        names = self.pair.train.class_names
        of_each = [class_counts(part.labels, len(names)).tolist() for part in self.pair]
        return list(zip(names, *of_each, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        train, test = self.pair
        return {
            "format": 1,
            "source": self.source,
            "name": train.name,
            "shape": list(train.images.shape[1:]),
            "n_train": len(train),
            "n_test": len(test),
            "classes": [{"name": name, "train": n, "test": tests} for name, n, tests in self.counts],
            "remarks": [remark.to_dict() for remark in self.remarks],
            "sha256": {**train.sha256, **test.sha256},
        }


def described(source: AnyPath, size: int | str | None = None, ticks: Ticks | None = None) -> Description:
    """Open a data set, with all that is to be said of it; damaged pictures are left out and named.

    Raises:
        DataError, UsageError: as for `convlens.data.open_source`, but for damaged pictures.
    """
    opened = read_source(source, size, ticks, skips_damaged=True)
    remarks = (*opened.remarks, *examined(opened.pair))
    return Description(place_of(fspath(source)), opened.pair, remarks)


@dataclass(frozen=True)
class Known:
    """A data set that has a name.

    Attributes:
        name: that `--data` takes.
        title: as one writes it.
        licence: under which it may be used.
        place: "bundled", the folder in which it is, or "" where it is not here.
        n_bytes: how much is downloaded.
    """

    name: str
    title: str
    licence: str
    place: str
    n_bytes: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**vars(self), "is_here": bool(self.place)}


def known_sets() -> list[Known]:
    """Return every data set that has a name; nothing is downloaded."""
    found = [Known(BUNDLED, "MNIST", "CC BY-SA 3.0", "bundled", 0)]
    for name, one in NAMED_SETS.items():
        found.append(Known(name, one.title, one.licence, str(where(name) or ""), one.n_bytes))
    return found
