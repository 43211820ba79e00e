"""Runs: what a training is, as data, and the folder that it leaves behind. Must not know figures.

Rooms behind this one read what a run left behind through `Run` and the data that it names. What a run is
they take from `RunConfig` and the table of settings, and a study has runs made by `train_run`; none reaches
back into the loop. Names are loaded when they are asked for: the command line reads the table without NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convlens.runs.config import RunConfig
    from convlens.runs.data import Part, Preprocessing, RunData, open_data
    from convlens.runs.elsewhere import SentConfig, SentData, find_data, packed, unpacked
    from convlens.runs.fitting import network_for
    from convlens.runs.folder import Curve, Run
    from convlens.runs.listening import Notes, StopWhen
    from convlens.runs.make import finished_run, train_run
    from convlens.runs.rehearsal import rehearse
    from convlens.runs.settings import SETTINGS, Setting
    from convlens.runs.standing import Followed, Standing
    from convlens.runs.subject import is_made_like_mnist, speaks_of_digits
    from convlens.runs.verification import Check, verify_run

__all__ = [
    "SETTINGS",
    "Check",
    "Curve",
    "Followed",
    "Notes",
    "Part",
    "Preprocessing",
    "Run",
    "RunConfig",
    "RunData",
    "SentConfig",
    "SentData",
    "Setting",
    "Standing",
    "StopWhen",
    "find_data",
    "finished_run",
    "is_made_like_mnist",
    "network_for",
    "open_data",
    "packed",
    "rehearse",
    "speaks_of_digits",
    "train_run",
    "unpacked",
    "verify_run",
]

_FILES = {
    "config": ("RunConfig",),
    "data": ("Part", "Preprocessing", "RunData", "open_data"),
    "elsewhere": ("SentConfig", "SentData", "find_data", "packed", "unpacked"),
    "fitting": ("network_for",),
    "folder": ("Curve", "Run"),
    "listening": ("Notes", "StopWhen"),
    "make": ("finished_run", "train_run"),
    "rehearsal": ("rehearse",),
    "settings": ("SETTINGS", "Setting"),
    "standing": ("Followed", "Standing"),
    "subject": ("is_made_like_mnist", "speaks_of_digits"),
    "verification": ("Check", "verify_run"),
}
_HOME = {name: file for file, names in _FILES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name in _HOME:
        return getattr(import_module(f"convlens.runs.{_HOME[name]}"), name)
    raise AttributeError(f"module 'convlens.runs' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
