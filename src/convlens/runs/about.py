"""What `run.json` says, believed piece by piece. Must not know what the other files hold.

A file is untrusted: whatever stands in it, each piece is what it should be or one line says that it is not.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from convlens.errors import RunError, shown
from convlens.files import read_text
from convlens.runs.instead import not_a_run
from convlens.runs.pieces import LONGEST_NAME, are_names, are_texts, is_count, is_share, is_text

__all__ = ["FORMATS", "ORIGINS", "About", "damaged"]

FORMATS = (1, 2)
ORIGINS = ("trained", "imported")

_MOST_BYTES = 16 << 20
_RESULTS = ("test_accuracy", "test_accuracy_head", "train_accuracy_head", "test_head", "n_test")


def damaged(folder: Path, what: str) -> RunError:
    """Return the error of a run that cannot be used any more, with its remedy."""
    return RunError(f"{folder} is damaged: {what}; delete the folder and run again.")


class About:
    """What a run's `run.json` says.

    Args:
        folder: of the run.

    Attributes:
        raw: as it was read; a dict.
        format: one of `FORMATS`.

    Raises:
        RunError: it is missing, no JSON, or of another format.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.raw: dict[str, Any] = _read(folder)
        self.format = int(self.raw["format"])

    def piece(self, name: str, fits: Callable[[Any], bool], rule: str) -> Any:  # noqa: ANN401
        """Return what stands under a dotted name.

        Raises:
            RunError: nothing does, or it is not what it should be.
        """
        found: Any = self.raw
        for key in name.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        if not fits(found):
            raise damaged(self.folder, f"run.json (`{name}` must be {rule})")
        return found

    def text(self, name: str) -> str:
        """Return a text."""
        return str(self.piece(name, lambda found: isinstance(found, str), "a text"))

    def texts(self, name: str) -> dict[str, str]:
        """Return texts by name."""
        return dict(self.piece(name, are_texts, "texts by name"))

    def number(self, name: str) -> int:
        """Return a whole number from 0."""
        return int(self.piece(name, is_count, "a whole number"))

    def names(self, name: str) -> tuple[str, ...]:
        """Return names of classes or channels, in order."""
        rule = f"names of 1 to {LONGEST_NAME} letters"
        return tuple(self.piece(name, are_names, rule))

    @property
    def origin(self) -> str:
        """Where the weights come from: one of `ORIGINS`."""
        if self.format == 1:
            return "trained"
        return str(self.piece("origin", lambda found: found in ORIGINS, f"one of {', '.join(ORIGINS)}"))

    @property
    def results(self) -> dict[str, float]:
        """The figures by which the run is reported: accuracies from 0 to 1, and of how many images."""
        found = self.piece("results", lambda found: isinstance(found, dict), "figures by name")
        kinds = {name: is_share if "accuracy" in name else is_count for name in found if is_text(name)}
        held_out = "validation_accuracy" in found or "n_validation" in found
        wanted = [*_RESULTS, *(("validation_accuracy", "n_validation") if held_out else ())]
        for name in dict.fromkeys([*wanted, *kinds]):
            rule = "a number from 0 to 1" if "accuracy" in name else "a whole number"
            self.piece(f"results.{name}", kinds.get(name, is_count), rule)
        return dict(found)


def _read(folder: Path) -> dict[str, Any]:
    """Return the JSON object of a format that is read."""
    path = folder / "run.json"
    try:
        found = json.loads(read_text(path, _MOST_BYTES))
    except OSError as error:
        raise RunError(not_a_run(folder, str(error.strerror or error))) from None
    except (ValueError, RecursionError):  # a number of 5,000 digits is a ValueError, too
        raise damaged(folder, f"{path.name} is not JSON, or nested too deeply") from None
    told = found.get("format") if isinstance(found, dict) else None
    if isinstance(told, bool) or told not in FORMATS:
        known = " or ".join(map(str, FORMATS))
        raise RunError(f"{folder} has format {shown(told)}; this convlens reads format {known}.")
    return dict(found)
