"""What one run is: everything that decides its numbers, as data. Must not know files' contents.

The run id is a hash of the config, seed included: two runs with one id are the same run. Of one's own data
it holds the folder's name, so that it neither needs the data nor depends on where they lie; a finished or
interrupted run is taken up only if the files' SHA-256 are the same too.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from convlens import spec
from convlens.data import split_for
from convlens.errors import UsageError
from convlens.files import command_line, real_name
from convlens.networks.engines import engine_for
from convlens.spec import NetworkSpec
from convlens.training.optimizers import OPTIMIZERS, make_optimizer
from convlens.training.protocols import protocol_named
from convlens.training.schedules import schedule_named

__all__ = ["DEFAULT_LR", "RunConfig"]

DEFAULT_LR = 0.001


@dataclass(frozen=True)
class RunConfig:
    """One training run.

    Args:
        network: what is trained.
        data: "mnist" (bundled), or a folder with the four IDX files, as it was typed.
        train_size: the first so many training images are trained on (see `convlens.data.split_for`).
        epochs: passes over them.
        batch_size: pictures of one update, at most `train_size`.
        optimizer: one of `convlens.training.OPTIMIZERS`.
        optimizer_param: its arguments.
        seed: of the first weights and of the order, 0 or more.
        evaluate_samples: at each epoch's end the first so many training, validation and test images are
            judged; at the end of the run all validation and test images.
        engine: "fused" for compiled kernels, "layers" for the readable layers, which differ in the last bits
            of their sums; None for "fused" where the kernels can compute the network.
        schedule: one of `convlens.training.SCHEDULES`: how the learning rate changes over the run.

    Raises:
        UsageError: a value is out of range.
    """

    network: NetworkSpec
    data: str = "mnist"
    train_size: int = 5000
    epochs: int = 20
    batch_size: int = 100
    optimizer: str = "adam"
    optimizer_param: dict[str, float] = field(default_factory=lambda: {"lr": DEFAULT_LR})
    seed: int = 0
    evaluate_samples: int = 1000
    engine: str | None = None
    schedule: str = "constant"

    def __post_init__(self) -> None:
        for name, least in (
            ("train_size", 1),
            ("epochs", 1),
            ("batch_size", 1),
            ("evaluate_samples", 1),
            ("seed", 0),
        ):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise UsageError(f"`{name}` of a run must be an int ≥ {least}. Got {value!r}.")
        if self.batch_size > self.train_size:
            rule = f"at most its train_size, {self.train_size:,}"
            raise UsageError(f"`batch_size` of a run must be {rule}. Got {self.batch_size:,}.")
        if self.data == "mnist":
            split_for(self.train_size)  # sizes that leave nothing to hold out are refused now, not later
        object.__setattr__(self, "engine", engine_for(self.engine, self.network))
        schedule_named(self.schedule)
        optimizer = make_optimizer(self.optimizer, self.optimizer_param)
        # One way to write each run, so that it has one id.
        object.__setattr__(self, "optimizer", type(optimizer).__name__.lower())
        object.__setattr__(self, "optimizer_param", {**self.optimizer_param, "lr": float(optimizer.lr)})

    @property
    def run_id(self) -> str:
        """Twelve hex digits that stand for everything that decides this run's numbers."""
        data = self.data if self.data == "mnist" else f"folder {real_name(self.data)}"
        text = json.dumps({**self.to_dict(), "data": data}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def data_source(self) -> str:
        """Where the data are opened from: "mnist", or the absolute path of a folder."""
        return self.data if self.data == "mnist" else str(Path(self.data).absolute())

    @property
    def n_steps(self) -> int:
        """How many updates the run makes."""
        protocol = protocol_named(self.network.protocol, self.seed)
        return self.epochs * protocol.steps_per_epoch(self.train_size, self.batch_size)

    @property
    def optimizer_name(self) -> str:
        """The optimizer as one writes it: "RMSprop"."""
        return OPTIMIZERS[self.optimizer].__name__

    @property
    def lr(self) -> float:
        """The learning rate."""
        return self.optimizer_param["lr"]

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that JSON can hold; `from_dict` is its inverse."""
        return {**asdict(self), "network": spec.to_dict(self.network)}

    @classmethod
    def from_dict(cls, data: dict[str, Any], source: str = "the config") -> "RunConfig":
        """Return the config that `data` describes; an error names `source`."""
        try:
            return cls(**{**data, "network": spec.from_dict(data["network"], source)})
        except (TypeError, KeyError) as error:
            raise UsageError(f"{source} is not a run's config: {error}.") from None

    def command(self, network: str, out: str) -> str:
        """Return the command that makes this run.

        Args:
            network: how the network is called on the command line.
            out: the run's folder.
        """
        words = ["convlens", "train", network, "--train-size", self.train_size, "--epochs", self.epochs]
        words += ["--batch-size", self.batch_size, "--optimizer", self.optimizer, "--lr", repr(self.lr)]
        for name, value in self.optimizer_param.items():
            words += [] if name == "lr" else ["--optimizer-param", f"{name}={value!r}"]
        if self.schedule != RunConfig.schedule:
            words += ["--schedule", self.schedule]
        if self.engine != engine_for(None, self.network):
            words += ["--engine", self.engine]
        if self.evaluate_samples != RunConfig.evaluate_samples:
            words += ["--evaluate-samples", self.evaluate_samples]
        words += ["--seed", self.seed, "--out", out]
        if self.data != "mnist":
            words += ["--data", self.data]
        return command_line(list(map(str, words)))
