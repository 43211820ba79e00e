"""A run that is made on another machine: its config on its way there, its data there, its folder back.

Must not know how one gets there.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from convlens.arguments import as_annotated
from convlens.data.places import DATA_FOLDERS
from convlens.data.sizes import OWN
from convlens.errors import DataError, RunError
from convlens.files import explained, write_bytes
from convlens.runs.config import RunConfig
from convlens.runs.data import RunData, open_data
from convlens.runs.folder import Run
from convlens.runs.make import finished_run
from convlens.runs.moved_data import data_with
from convlens.runs.place import Place

__all__ = ["DATA_FOLDERS", "SentConfig", "SentData", "find_data", "packed", "unpacked"]

_MARK = "arriving0000"  # of the folder aside into which a run comes back


class SentConfig(RunConfig):
    """A config that is read on another machine: its run id and its data's place are as they were at home."""

    @classmethod
    @as_annotated
    def from_home(cls, config: RunConfig) -> "SentConfig":
        """Return a config as it is sent."""
        made = cls.__new__(cls)
        vars(made).update(vars(config), home=(config.run_id, config.data_source))
        return made

    @property
    def run_id(self) -> str:
        return self.home[0]

    @property
    def data_source(self) -> str:
        return self.home[1]

    home: tuple[str, str]


@dataclass(frozen=True)
class SentData:
    """By what a run's data are known on any machine.

    Attributes:
        source: where they lie at home.
        name: what the set is called there.
        sha256: of the files, by their names.
        size: of the pictures as the run wants it.
    """

    source: str
    name: str
    sha256: Mapping[str, str]
    size: str = OWN

    @classmethod
    @as_annotated
    def from_home(cls, config: RunConfig) -> "SentData":
        """Return what the data of a run are known by."""
        data = open_data(config.data, config.train_size, config.size)
        return cls(config.data_source, data.name, dict(data.sha256), config.size)


@as_annotated
def find_data(sent: SentData, train_size: int) -> RunData:
    """Open the data that have these checksums, wherever they lie on this machine.

    They are the bundled ones, or looked for where they lie at home, and in the folders that the environment
    variable `CONVLENS_DATA` names and the folders in those.

    Raises:
        DataError: no data here have them.
    """
    data = data_with(sent.sha256, sent.source, train_size, sent.size, sent.name)
    if data is not None:
        return data
    told = next(iter(sent.sha256.values()), "")[:12]
    remedy = f"put them there, or name their folder in {DATA_FOLDERS} of the worker's environment"
    raise DataError(f"this machine has no data like {sent.source} (SHA-256 {told}…): {remedy}.")


@as_annotated
def packed(folder: Path) -> dict[str, bytes]:
    """Return what a finished run's folder holds, by the files' names."""
    folder = Path(folder)
    with explained("read", folder):
        files = [path for path in folder.rglob("*") if path.is_file()]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@as_annotated
def unpacked(files: Mapping[str, Any], config: RunConfig, out: Path) -> Run:
    """Put a run that came back into its place, when every file has the SHA-256 that it tells.

    Raises:
        RunError: it is damaged, or another run.
    """
    place = Place(out)
    with place.taken():
        done = finished_run(config, out)
        if done is not None:
            return done
        aside = place.aside(_MARK)
        with explained("remove", aside):
            if aside.exists():
                shutil.rmtree(aside)
        _write(files, aside)
        run = Run(aside)
        run.require_whole()
        if run.run_id != config.run_id:
            raise RunError(f"what came back is another run ({run.run_id}, not {config.run_id}).")
        place.commit(aside)
    return Run(out)


def _write(files: Mapping[str, Any], aside: Path) -> None:
    """Write files that came from elsewhere into a folder, and nowhere else."""
    for name, content in files.items():
        path = PurePosixPath(name)
        inside = not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name
        if not inside or not 1 <= len(path.parts) <= 2 or not isinstance(content, bytes):
            raise RunError(f"what came back holds a file {name[:80]!r}, which no run does.")
    for name, content in files.items():
        target = aside / name
        with explained("make", target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(target, content)
