"""A run's folder, for reading: everything that a training left behind. Must not know how it was made.

    run.json                 format, status, run id, config with the network's spec, data reference, results,
                             seeds, versions, threads, command
    initial.safetensors      parameters before training          final.safetensors   and after it
    filters.safetensors      convolution weights at the start and after each epoch: (epochs + 1, F, C, kh, kw)
    predictions.safetensors  scores on all validation and all test images: (N, classes)
    history.jsonl            one typed event a line, without clock times: step, epoch
    timing.jsonl             seconds of each epoch

Rooms behind training read a run through `Run` and the data that it names, nothing else.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.errors import ConvlensError, RunError
from convlens.networks import Network, read_arrays
from convlens.spec import NetworkSpec
from convlens.training.config import RunConfig
from convlens.training.run_data import RunData, open_data

__all__ = ["FORMAT", "Curve", "Run", "read_events"]

FORMAT = 1


@dataclass(frozen=True)
class Curve:
    """Scores over the epochs; entry 0 belongs to the end of epoch 1.

    Attributes:
        accuracy, loss: (epochs,).
        n_samples: how many pictures each point was judged on.
    """

    accuracy: Array
    loss: Array
    n_samples: int


class Run:
    """A finished run.

    Args:
        folder: as `convlens train` wrote it.

    Raises:
        RunError: there is no finished run in it, or it is of a newer format.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        path = self.folder / "run.json"
        try:
            self.about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise RunError(
                f"{self.folder} is not a run: cannot read {path.name} ({error.strerror})."
            ) from None
        except ValueError:
            raise RunError(f"{self.folder} is damaged: {path.name} is not JSON.") from None
        if not isinstance(self.about, dict) or self.about.get("format") != FORMAT:
            found = self.about.get("format") if isinstance(self.about, dict) else None
            raise RunError(f"{self.folder} has format {found}; this convlens reads format {FORMAT}.")
        try:
            self.config = RunConfig.from_dict(self.about["config"], str(path))
            self.run_id: str = self.about["run_id"]
            self.results: dict[str, float] = self.about["results"]
            self.class_names: tuple[str, ...] = tuple(self.about["data"]["class_names"])
        except (KeyError, TypeError, ConvlensError) as error:
            raise RunError(f"{self.folder} is damaged: run.json ({error}).") from None

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.resolve().name

    @property
    def spec(self) -> NetworkSpec:
        """What was trained."""
        return self.config.network

    @property
    def seed(self) -> int:
        """Of the first weights and of the order."""
        return self.config.seed

    @property
    def command(self) -> str:
        """The command that makes this run again."""
        return str(self.about["command"])

    def network(self, which: str = "final") -> Network:
        """Return the network with its "initial" or "final" parameters."""
        network = Network(self.spec, self.seed, self.config.engine)
        network.load_params(self.folder / f"{which}.safetensors")
        return network

    @cached_property
    def filters(self) -> dict[str, Array]:
        """Convolution weights by name, at the start and after each epoch: (epochs + 1, F, C, kh, kw)."""
        return read_arrays(self.folder / "filters.safetensors")

    @cached_property
    def predictions(self) -> dict[str, Array]:
        """Scores by part, "validation" (absent where nothing was held out) and "test": (N, classes)."""
        return read_arrays(self.folder / "predictions.safetensors")

    @cached_property
    def data(self) -> RunData:
        """The pictures, opened again and compared with what the run was trained on."""
        data = open_data(self.config.data, self.config.train_size)
        if data.sha256 != self.about["data"]["sha256"]:
            raise RunError(f"{self.folder}: the data at {self.config.data} are not those of the run.")
        return data

    @cached_property
    def step_losses(self) -> Array:
        """The loss of each update's batch, before the update: (steps,)."""
        return np.array([event["loss"] for event in self._events if event["event"] == "step"])

    def curve(self, part: str) -> Curve:
        """Return the scores over the epochs of "train", "validation" or "test" images.

        Raises:
            RunError: nothing was held out for validation in this run.
        """
        scores = [event[part] for event in self._events if event["event"] == "epoch" and part in event]
        if not scores:
            raise RunError(f"{self.folder} has no scores of {part} images.")
        accuracy, loss = (np.array([score[key] for score in scores]) for key in ("accuracy", "loss"))
        return Curve(accuracy, loss, int(scores[-1]["n_samples"]))

    @cached_property
    def seconds(self) -> float:
        """Seconds that training and its evaluations took, all attempts together."""
        return float(sum(event["seconds"] for event in read_events(self.folder / "timing.jsonl")))

    @cached_property
    def milliseconds_per_step(self) -> float:
        """Median over the epochs of the milliseconds of one update."""
        return float(np.median([e["ms_per_step"] for e in read_events(self.folder / "timing.jsonl")]))

    @cached_property
    def _events(self) -> list[dict[str, Any]]:
        return list(read_events(self.folder / "history.jsonl"))


def read_events(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the events of a .jsonl file; a last line that was not finished is left out.

    Raises:
        RunError: the file is missing, or a finished line is not JSON.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RunError(f"cannot read {path}: {error.strerror}.") from None
    for number, line in enumerate(text.split("\n")[:-1], 1):
        try:
            yield json.loads(line)
        except ValueError:
            raise RunError(f"{path} is damaged: line {number} is not JSON.") from None
