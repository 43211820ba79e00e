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
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.data.dataset import require_class_names
from convlens.errors import ConvlensError, DataError, RunError
from convlens.files import read_text
from convlens.networks import Network, read_arrays
from convlens.runs.config import RunConfig
from convlens.runs.data import RunData, open_data
from convlens.runs.events import damaged, read_history, read_timing
from convlens.spec import NetworkSpec, Role

__all__ = ["FORMAT", "Curve", "Run"]

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
            self.about: dict[str, Any] = json.loads(read_text(path))
        except OSError as error:
            raise RunError(
                f"{self.folder} is not a run: cannot read {path.name} ({error.strerror})."
            ) from None
        except (ValueError, RecursionError):
            raise damaged(self.folder, f"{path.name} is not JSON") from None
        if not isinstance(self.about, dict) or self.about.get("format") != FORMAT:
            found = self.about.get("format") if isinstance(self.about, dict) else None
            raise RunError(f"{self.folder} has format {found}; this convlens reads format {FORMAT}.")
        try:
            self.config = RunConfig.from_dict(self.about["config"], str(path))
            self.run_id: str = self.about["run_id"]
            self.results: dict[str, float] = self.about["results"]
            self.class_names: tuple[str, ...] = tuple(self.about["data"]["class_names"])
            require_class_names("the run", self.class_names)
            self.data_source: str = self.about["data"]["source"]
        except (KeyError, TypeError, ConvlensError) as error:
            raise damaged(self.folder, f"run.json ({str(error).rstrip('.')})") from None

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
        try:
            network.load_params(self.folder / f"{which}.safetensors")
        except DataError as error:
            raise damaged(self.folder, str(error).rstrip(".")) from None
        return network

    @cached_property
    def filters(self) -> dict[str, Array]:
        """Convolution weights by name, at the start and after each epoch: (epochs + 1, F, C, kh, kw)."""
        filters = self._arrays("filters")
        wanted = {
            parameter.name: (self.config.epochs + 1, *parameter.shape)
            for parameter in self.spec.parameters
            if parameter.role is Role.FILTERS
        }
        if {name: stack.shape for name, stack in filters.items()} != wanted:
            raise damaged(self.folder, "filters.safetensors does not hold the filters of each epoch")
        return filters

    @cached_property
    def predictions(self) -> dict[str, Array]:
        """Scores by part, "validation" (absent where nothing was held out) and "test": (N, classes)."""
        return self._arrays("predictions")

    @cached_property
    def data(self) -> RunData:
        """The pictures, opened again and compared with what the run was trained on."""
        data = open_data(self.data_source, self.config.train_size)
        if data.sha256 != self.about["data"]["sha256"]:
            raise RunError(f"{self.folder}: the data at {self.data_source} are not those of the run.")
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
        return float(sum(event["seconds"] for event in self._timing))

    @cached_property
    def milliseconds_per_step(self) -> float:
        """Median over the epochs of the milliseconds of one update."""
        return float(np.median([event["ms_per_step"] for event in self._timing]))

    def require_whole(self) -> None:
        """Read what an accident may have cut or doubled: history, timing and filters.

        Raises:
            RunError: an update, an epoch or its filters are missing, doubled or out of order.
        """
        _ = self._events, self._timing, self.filters

    @cached_property
    def _events(self) -> list[dict[str, Any]]:
        events = read_history(self.folder / "history.jsonl")
        self._require_each("history.jsonl", "step", self.config.n_steps, events)
        self._require_each("history.jsonl", "epoch", self.config.epochs, events)
        return events

    @cached_property
    def _timing(self) -> list[dict[str, Any]]:
        events = read_timing(self.folder / "timing.jsonl")
        self._require_each("timing.jsonl", "epoch", self.config.epochs, events)
        return events

    def _require_each(self, file: str, what: str, n: int, events: list[dict[str, Any]]) -> None:
        found = [event[what] for event in events if event.get("event", what) == what]
        if found != list(range(1, n + 1)):
            raise damaged(
                self.folder, f"{file} must tell of each {what} from 1 to {n} once, and tells of {len(found)}"
            )

    def _arrays(self, name: str) -> dict[str, Array]:
        try:
            return read_arrays(self.folder / f"{name}.safetensors")
        except DataError as error:
            raise damaged(self.folder, str(error).rstrip(".")) from None
