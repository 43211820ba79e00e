"""What one run is: everything that decides its numbers, as data. Must not know files' contents.

The run id is a hash of the config, seed included: two runs with one id are the same run. Of one's own data
it holds the folder's name, so that it neither needs the data nor depends on where they lie; a finished or
interrupted run is taken up only if the files' SHA-256 are the same too.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from os import PathLike, fspath
from typing import Any

from convlens import spec
from convlens.arguments import as_annotated
from convlens.data import split_for
from convlens.data.augmentation import strengths
from convlens.data.sizes import written
from convlens.errors import UsageError, shown
from convlens.files import command_line
from convlens.layers.softmax_with_loss import smoothing_given
from convlens.networks.engines import engine_for, usual_engine
from convlens.runs.data import is_bundled, most_trained_on, named, placed
from convlens.runs.settings import SETTINGS, AtMost, checked, fields_of, settings_of
from convlens.spec import NetworkSpec
from convlens.training.arguments import tamed
from convlens.training.optimizers import OPTIMIZERS, decay_in_range, make_optimizer
from convlens.training.protocols import protocol_named
from convlens.training.schedules import schedule_named

__all__ = ["RunConfig"]


def _usual(name: str) -> Any:  # noqa: ANN401
    return SETTINGS[name].default


@dataclass(frozen=True)
class RunConfig:
    """One training run.

    Args:
        network: what is trained.
        data: a data set's name, such as "mnist" (bundled), or its place (see `convlens.data.open_source`), as
            it was typed.
        train_size: the first so many training images are trained on (see `convlens.data.split_for`); left
            out, at most 5,000: of a smaller set, as many as leave some to hold out.
        epochs: passes over them.
        batch_size: pictures of one update, at most `train_size`.
        optimizer: one of `convlens.training.OPTIMIZERS`.
        optimizer_param: its arguments.
        seed: of the first weights and of the order, 0 or more.
        evaluate_samples: at each epoch's end the first so many training, validation and test images are
            judged; at the end of the run all validation and test images.
        engine: "fused" for compiled kernels, "layers" for the readable layers, which differ in the last bits
            of their sums; None for "fused" where the kernels can compute the network, and can run here.
        schedule: one of `convlens.training.SCHEDULES`: how the learning rate changes over the run.
        warm_up: epochs in which it rises to that, 0 for none.
        weight_decay: of filters and matrices; None for the optimizer's own.
        clip_norm: the most that the norm of all derivatives together may be; 0 for any.
        ema: how much of itself a moving average of the weights keeps at an update; 0 for no average.
        size: of the pictures, "32" or "32x24" (height before width); "own" for theirs.
        augment: how training images are varied, anew in each epoch: strengths by the names of
            `convlens.data.TRANSFORMS`.
        label_smoothing: how much of each label is spread over all classes in training, 0 to below 1.

    Raises:
        UsageError: a value is out of range.
    """

    network: NetworkSpec
    data: str = _usual("data")
    train_size: int = _usual("train_size")
    epochs: int = _usual("epochs")
    batch_size: int = _usual("batch_size")
    optimizer: str = _usual("optimizer")
    optimizer_param: dict[str, float] = field(default_factory=lambda: {"lr": _usual("lr")})
    seed: int = _usual("seed")
    evaluate_samples: int = _usual("evaluate_samples")
    engine: str | None = _usual("engine")
    schedule: str = _usual("schedule")
    warm_up: float = _usual("warm_up")
    weight_decay: float | None = _usual("weight_decay")
    clip_norm: float = _usual("clip_norm")
    ema: float = _usual("ema")
    size: str = _usual("size")
    augment: dict[str, float] = field(default_factory=dict)
    label_smoothing: float = _usual("label_smoothing")

    def __post_init__(self) -> None:
        if not isinstance(self.network, NetworkSpec):
            rule = 'a NetworkSpec, such as spec.find("lenet")'
            raise UsageError(f"`network` of a run must be {rule}. Got {shown(self.network)}.")
        if not isinstance(self.optimizer_param, Mapping):
            rule = "numbers by name, such as {'lr': 0.01}"
            raise UsageError(f"`optimizer_param` of a run must be {rule}. Got {shown(self.optimizer_param)}.")
        if isinstance(self.data, PathLike):
            self._set("data", fspath(self.data))
        self._set("size", written(self.size))
        for row in SETTINGS.values():
            if row.name in vars(self) and row.default is not None:
                checked(row, getattr(self, row.name))
        self._give_way()
        if self.batch_size > self.train_size:
            rule = f"at most its train_size, {self.train_size:,}"
            raise UsageError(f"`batch_size` of a run must be {rule}. Got {self.batch_size:,}.")
        if is_bundled(self.data):
            split_for(self.train_size)  # sizes that leave nothing to hold out are refused now, not later
        self._set("engine", engine_for(self.engine, self.network))
        schedule_named(self.schedule)
        self._set("augment", strengths(self.augment, "a run"))
        self._set("label_smoothing", self._smoothing())
        self._normalise()

    def _normalise(self) -> None:
        """Write what the updates are made with in one way, so that each run has one id."""
        if "weight_decay" in self.optimizer_param:
            raise UsageError("`optimizer_param` of a run takes no weight_decay: it is a setting of its own.")
        optimizer = make_optimizer(self.optimizer, self.optimizer_param)
        self._set("optimizer", type(optimizer).__name__.lower())
        self._set("optimizer_param", {**self.optimizer_param, "lr": float(optimizer.lr)})
        decay = optimizer.weight_decay if self.weight_decay is None else self.weight_decay
        self._set("weight_decay", float(decay_in_range("a run", decay)))
        for name in ("warm_up", "clip_norm", "ema"):
            self._set(name, tamed(name, getattr(self, name), "a run", self.epochs))

    def _smoothing(self) -> float:
        smoothing = smoothing_given(self.label_smoothing, "a run")
        if smoothing and self.network.protocol == "book":
            raise UsageError(
                f"`label_smoothing` of a run must be 0 under the book's protocol. Got {smoothing}."
            )
        return smoothing

    def _give_way(self) -> None:
        """Make a number that was left out as small as the data want it."""
        if isinstance(self.train_size, AtMost):
            self._set("train_size", most_trained_on(self.data, int(self.train_size), self.size))
        if isinstance(self.batch_size, AtMost):
            self._set("batch_size", min(int(self.batch_size), self.train_size))
        self._set("batch_size", int(self.batch_size))

    def _set(self, name: str, value: Any) -> None:  # noqa: ANN401
        object.__setattr__(self, name, value)

    @classmethod
    @as_annotated
    def of(cls, network: NetworkSpec, given: Mapping[str, Any]) -> "RunConfig":
        """Return the config of a network with settings as a command or a design gives them.

        Args:
            network: what is trained.
            given: values by the names of `SETTINGS`; None for as usual.

        Raises:
            UsageError: there is no such setting, or a value is out of range.
        """
        unknown = [name for name in given if name not in SETTINGS or not SETTINGS[name].decides]
        if unknown:
            known = ", ".join(name for name, row in SETTINGS.items() if row.decides)
            raise UsageError(f"a run has the settings {known}. Got {', '.join(map(shown, unknown))}.")
        return cls(network, **fields_of(given))

    @property
    def settings(self) -> dict[str, Any]:
        """Every setting by name, in the order in which they are said."""
        return settings_of(vars(self))

    @property
    def unusual(self) -> dict[str, Any]:
        """The settings that are not what they would be if nothing had been said."""
        usual = {name: row.default for name, row in SETTINGS.items()}
        usual["engine"] = usual_engine(self.network)
        usual["weight_decay"] = make_optimizer(self.optimizer).weight_decay
        return {name: value for name, value in self.settings.items() if value != usual[name]}

    @property
    def run_id(self) -> str:
        """Twelve hex digits that stand for everything that decides this run's numbers."""
        text = json.dumps({**self.to_dict(), "data": named(self.data)}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def data_source(self) -> str:
        """Where the data are opened from: a set's name, or the absolute path of a folder or file."""
        return placed(self.data)

    @property
    def n_steps(self) -> int:
        """How many updates the run makes."""
        protocol = protocol_named(self.network.protocol, self.seed)
        return int(self.epochs * protocol.steps_per_epoch(self.train_size, self.batch_size))

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
        unsaid = {name for name in SETTINGS.keys() - self.unusual.keys() if SETTINGS[name].came_later}
        said = {name: value for name, value in asdict(self).items() if name not in unsaid}
        return {**said, "network": spec.to_dict(self.network)}

    @classmethod
    def from_dict(cls, data: dict[str, Any], source: str = "the config") -> "RunConfig":
        """Return the config that `data` describes; an error names `source`."""
        try:
            dict(data.get("optimizer_param", {}))  # or it is none
            return cls(**{**data, "network": spec.from_dict(data["network"], source)})
        except UsageError:
            raise
        except (AttributeError, TypeError, KeyError) as error:
            raise UsageError(f"{source} is not a run's config: {error}.") from None

    @as_annotated
    def command(self, network: str, out: str) -> str:
        """Return the command that makes this run.

        Args:
            network: how the network is called on the command line.
            out: the run's folder.
        """
        words, unusual = ["convlens", "train", network], self.unusual
        for name, value in self.settings.items():
            row = SETTINGS[name]
            if isinstance(value, dict):
                words += [word for key in value for word in (row.option, f"{key}={value[key]!r}")]
            elif row.always or name in unusual:
                words += [row.option, repr(value) if row.kind is float else str(value)]
        return command_line([*words, "--out", out])
