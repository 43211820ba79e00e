"""A run's folder, for reading: everything that a training left behind. Must not know how it was made.

    run.json                 format, origin, status, run id, config with the network's spec, data reference
                             with preprocessing and names, results, kept epochs, seeds, versions, threads,
                             command, and size and SHA-256 of every other file
    initial.safetensors      parameters before training          final.safetensors   and after it
    epochs/0003.safetensors  parameters after an epoch, of the epochs that are kept (`convlens.runs.epochs`)
    predictions.safetensors  scores on all validation and all test images: (N, classes)
    history.jsonl            one typed event a line, without clock times: step, epoch
    timing.jsonl             seconds of each epoch

In format 1, which is read too, there are no hashes, and the convolution weights of all epochs stand in
filters.safetensors: (epochs + 1, F, C, kh, kw). Rooms behind this one read a run's folder through `Run`.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.arguments import as_annotated
from convlens.data.dataset import require_class_names
from convlens.data.places import DATA_FOLDERS
from convlens.data.preprocessing import USUAL, Preprocessing
from convlens.errors import ConvlensError, DataError, RunError, UsageError, shown
from convlens.files import path_of
from convlens.networks import Network, read_arrays
from convlens.networks.saved import read_params
from convlens.runs.about import About, damaged
from convlens.runs.config import RunConfig
from convlens.runs.data import COLOURS, GREY, RunData, channels_of, open_data
from convlens.runs.epochs import epoch_file
from convlens.runs.events import read_history, read_timing
from convlens.runs.moved_data import data_with
from convlens.runs.networks import network_of
from convlens.runs.pieces import are_increasing, is_positive_count
from convlens.runs.stamps import Stamp, difference, stamps_from
from convlens.spec import NetworkSpec, Role

__all__ = ["FORMAT", "Curve", "Run"]

FORMAT = 2
"""Of the folders that are written; `convlens.runs.about.FORMATS` are read."""


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

    Attributes:
        folder: the same.
        about: what its `run.json` says, as it was read.
        config: what was trained.
        run_id: that stands for everything that decides the run's numbers.

    Raises:
        RunError: there is no finished run in it, or it is of a newer format.
    """

    _obtained = "convlens.Run(folder) opens one"

    def __init__(self, folder: str | Path) -> None:
        self.folder = path_of(folder, "folder", "Run")
        self._about = About(self.folder)
        self.about: dict[str, Any] = self._about.raw
        try:
            self.config = RunConfig.from_dict(self.about["config"], str(self.folder / "run.json"))
            self.run_id = str(self.about["run_id"])
        except (KeyError, TypeError, ValueError, ConvlensError) as error:
            raise damaged(self.folder, f"run.json ({str(error).rstrip('.')})") from None
        self._about.piece("status", lambda found: found == "finished", "finished")
        _ = self.class_names  # whatever is shown names them

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

    @cached_property
    def command(self) -> str:
        """The command that makes this run again."""
        return self._about.text("command")

    @cached_property
    def origin(self) -> str:
        """Where the weights come from: "trained" here, or "imported", without a history."""
        return self._about.origin

    @cached_property
    def results(self) -> dict[str, float]:
        """The figures by which the run is reported: accuracies from 0 to 1, and of how many images."""
        return self._about.results

    @cached_property
    def data_source(self) -> str:
        """Where the data were opened: a set's name, or an absolute path."""
        return self._about.text("data.source")

    @cached_property
    def data_name(self) -> str:
        """What the data set is called."""
        return self._about.text("data.name")

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """What each output stands for, as far as the data have names."""
        found = self._about.piece("data.class_names", lambda told: isinstance(told, list), "a list of texts")
        try:
            require_class_names("the run", found)
        except DataError as error:
            raise damaged(self.folder, f"run.json ({str(error).rstrip('.')})") from None
        return tuple(found)

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """What each channel of a picture is."""
        if self._about.format == 1:
            return channels_of(self.spec.input_shape[0])
        found = self._about.names("data.channels")
        if len(found) != self.spec.input_shape[0]:
            raise damaged(self.folder, f"run.json names {len(found)} channels of {self.spec.input_shape[0]}")
        return found

    @property
    def is_grey(self) -> bool:
        """Whether its pictures have no colours."""
        return self.channels == GREY

    @property
    def is_coloured(self) -> bool:
        """Whether its pictures are of red, green and blue."""
        return self.channels == COLOURS

    @cached_property
    def preprocessing(self) -> Preprocessing:
        """How a picture's numbers become a network's input."""
        if self._about.format == 1:
            return USUAL
        number = "finite, and `divide` above 0"
        told = self._about.piece("data.preprocessing", Preprocessing.fits, number)
        return Preprocessing(**told)

    @cached_property
    def versions(self) -> dict[str, str]:
        """Of what the run was made with, by name."""
        return self._about.texts("versions")

    @cached_property
    def threads(self) -> int:
        """Of BLAS, on which the bits of its sums may depend."""
        return int(self._about.piece("threads", is_positive_count, "a positive whole number"))

    @cached_property
    def kept_epochs(self) -> tuple[int, ...]:
        """The epochs whose weights are kept, from 0, before training, to the last one."""
        if self._about.format == 1:
            return tuple(range(self.config.epochs + 1))
        return tuple(self._about.piece("epochs", are_increasing, "the epochs whose weights are kept"))

    @as_annotated
    def network(self, which: str | int = "final") -> Network:
        """Return the network with its "initial" or "final" parameters, or with those after a kept epoch.

        Raises:
            RunError: its file is damaged, or it wants its pictures prepared in a way that nothing here does.
        """
        self._require_usual_preprocessing()
        if isinstance(which, int) and which not in self.kept_epochs:
            kept = ", ".join(map(str, self.kept_epochs))
            raise UsageError(f"`which` of a run must be an epoch that is kept: {kept}. Got {shown(which)}.")
        # What kernels have trained is read by the layers where there are none.
        engine = None if self.config.engine == "fused" else self.config.engine
        network = network_of(self.spec, self.seed, engine)
        network.params.update(self._weights(which))
        return network

    @cached_property
    def filters(self) -> dict[str, Array]:
        """Convolution weights by name, of the epochs that are kept: (kept, F, C, kh, kw)."""
        shapes = {one.name: one.shape for one in self.spec.parameters if one.role is Role.FILTERS}
        if self._about.format == 1:
            found = self._arrays("filters.safetensors")
        else:
            each = [self._weights(epoch) for epoch in self.kept_epochs]
            found = {name: np.stack([arrays[name] for arrays in each]) for name in shapes}
        wanted = {name: (len(self.kept_epochs), *shape) for name, shape in shapes.items()}
        if {name: stack.shape for name, stack in found.items()} != wanted:
            raise damaged(self.folder, "filters.safetensors does not hold the filters of each epoch")
        return found

    @cached_property
    def predictions(self) -> dict[str, Array]:
        """Scores by part, "validation" (absent where nothing was held out) and "test": (N, classes)."""
        return self._arrays("predictions.safetensors")

    @cached_property
    def sha256(self) -> dict[str, str]:
        """The SHA-256 of the data's files, by their names."""
        return self._about.texts("data.sha256")

    @cached_property
    def data(self) -> RunData:
        """The pictures, opened again and compared with what the run was trained on.

        Where they lie elsewhere by now, they are looked for in the folders that `CONVLENS_DATA` names.
        """
        self._require_usual_preprocessing()
        wanted = self.data_source, self.config.train_size, self.config.size
        failed: ConvlensError = RunError(
            f"{self.folder}: the data at {self.data_source} are not those of the run."
        )
        try:
            data = open_data(*wanted)
            if data.sha256 == self.sha256:
                return data
        except DataError as error:
            remedy = f"If they were moved, name their folder in the environment variable {DATA_FOLDERS}."
            failed = DataError(f"{error} {remedy}")
        moved = data_with(self.sha256, *wanted, self.data_name)
        if moved is None:
            raise failed
        return moved

    @cached_property
    def step_losses(self) -> Array:
        """The loss of each update's batch, before the update: (steps,)."""
        return np.array([event["loss"] for event in self._events if event["event"] == "step"])

    @as_annotated
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

    @cached_property
    def files(self) -> dict[str, Stamp]:
        """Size and SHA-256 of every file but run.json, by name; none are kept in format 1."""
        if self._about.format == 1:
            return {}
        try:
            found = stamps_from(self.about.get("files"), "run.json")
        except RunError as error:
            raise damaged(self.folder, str(error).rstrip(".")) from None
        others = sorted(found.keys() ^ set(self._named_files))
        if others:
            raise damaged(self.folder, f"run.json does not tell of the files of a run ({others[0]})")
        return found

    def require_whole(self) -> None:
        """Compare every file with what is recorded of it, and read what tells of the training.

        Raises:
            RunError: a file is missing, cut or another one; an update or an epoch is missing, doubled or out
                of order; or run.json does not say what it should.
        """
        if self.origin == "trained":
            _ = self._events, self._timing
        wrong = difference(self.folder, self.files)
        if wrong is not None:
            raise damaged(self.folder, wrong)
        _ = self.filters
        if self._about.format == 1:
            _ = self._weights("initial"), self._weights("final"), self.predictions
        _ = self.results, self.class_names, self.command, self.data_source, self.sha256, self.versions
        _ = self.threads

    @property
    def _named_files(self) -> tuple[str, ...]:
        """The files without which a run is not whole."""
        weights = tuple(map(self._weights_file, self.kept_epochs))
        journals = ("history.jsonl", "timing.jsonl") if self.origin == "trained" else ()
        return (*weights, "predictions.safetensors", *journals)

    def _weights_file(self, which: str | int) -> str:
        return epoch_file(which, self.config.epochs) if isinstance(which, int) else f"{which}.safetensors"

    @cached_property
    def _events(self) -> list[dict[str, Any]]:
        self._require_trained()
        events = read_history(self.folder / "history.jsonl")
        self._require_each("history.jsonl", "step", self.config.n_steps, events)
        self._require_each("history.jsonl", "epoch", self.config.epochs, events)
        return events

    @cached_property
    def _timing(self) -> list[dict[str, Any]]:
        self._require_trained()
        events = read_timing(self.folder / "timing.jsonl")
        self._require_each("timing.jsonl", "epoch", self.config.epochs, events)
        return events

    def _require_usual_preprocessing(self) -> None:
        """Refuse to go on where networks and rooms would silently prepare the pictures in another way."""
        if self.preprocessing != USUAL:
            rule = f"prepared as {self.preprocessing}; this convlens prepares them as {USUAL}"
            raise RunError(f"{self.folder}: the pictures of this run must be {rule}.")

    def _require_trained(self) -> None:
        if self.origin == "imported":
            raise RunError(f"{self.folder} was imported: it has no history.")

    def _require_each(self, file: str, what: str, n: int, events: list[dict[str, Any]]) -> None:
        found = [event[what] for event in events if event.get("event", what) == what]
        if len(found) != n or any(number != place for place, number in enumerate(found, 1)):
            raise damaged(
                self.folder, f"{file} must tell of each {what} from 1 to {n} once, and tells of {len(found)}"
            )

    def _weights(self, which: str | int) -> dict[str, Array]:
        try:
            return read_params(self.folder / self._weights_file(which), self.spec)
        except DataError as error:
            raise damaged(self.folder, str(error).rstrip(".")) from None

    def _arrays(self, name: str) -> dict[str, Array]:
        try:
            return read_arrays(self.folder / name)
        except DataError as error:
            raise damaged(self.folder, str(error).rstrip(".")) from None
