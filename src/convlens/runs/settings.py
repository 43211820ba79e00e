"""The settings of a run: one table, from which everything is made that takes, checks or says them.

    the options of `convlens train`       the keys of a design's file
    the checks of `RunConfig`             the command that a run prints
    what tells runs apart                 what a picture, a page and results.json say of a run

A new setting is a row here and a field of `RunConfig`; tests name the consumer that does not know it. Must
not know NumPy: the command line reads the table before it loads anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from convlens.errors import UsageError, shown

__all__ = ["SETTINGS", "AtMost", "Setting", "checked", "fields_of", "settings_of"]


class AtMost(int):
    """A default that gives way to a smaller number where the data have no more."""

    __slots__ = ()


@dataclass(frozen=True)
class Setting:
    """One row of the table.

    Attributes:
        name: of the option, the design's key and the field; `lr` is kept among `optimizer_param`.
        kind: int, float, str, or dict for further numbers by name.
        default: what it is where nothing is said; None where that depends on the network or the machine.
        help: of the option.
        usual: the default as help says it, where its value alone does not.
        least, most: the range of an int.
        decides: it decides the run's numbers, so it is a part of the run's id.
        labels: runs are told apart by it; runs that differ in nothing that labels belong together.
        always: a run's command names it even where it is as usual.
        words: the key of the words by which a picture says it, or "" where its value says enough.
        stem: how a picture's file name says it.
        came_later: older runs have none: as usual it is left out of a config as data, so that ids stay.
        bare: of numbers by name, a name may stand alone: its number is as usual then.
        titled: a picture's title and file name say it where it is not as usual; else only what tells runs
            apart does.
    """

    name: str
    kind: type[int | float | str | dict[str, float]]
    default: Any
    help: str
    usual: str = ""
    least: int | None = None
    most: int | None = None
    decides: bool = True
    labels: bool = True
    always: bool = False
    words: str = ""
    stem: str = "{}"
    titled: bool = True
    came_later: bool = False
    bare: bool = False

    @property
    def option(self) -> str:
        """The option of the command line."""
        return f"--{self.name.replace('_', '-')}"


_ROWS = (
    Setting(
        "train_size", int, AtMost(5000), "Train on the first so many images.",
        usual="5000, or all where there are fewer", least=1, most=100_000_000, always=True,
        words="group_train_size", stem="{}-images",
    ),
    Setting(
        "epochs", int, 20, "Passes over them.",
        least=1, most=1_000_000, always=True, words="epochs", stem="{}-epochs",
    ),
    Setting(
        "batch_size", int, AtMost(100), "Images of one update.",
        usual="100, or all where there are fewer", least=1, most=100_000_000, always=True,
        words="group_batch_size", stem="batch-{}",
    ),
    Setting(
        "optimizer", str, "adam", "sgd, momentum, nesterov, adagrad, rmsprop, adam or adamw.", always=True
    ),
    Setting("lr", float, 0.001, "Learning rate.", always=True, words="group_lr", stem="lr-{:g}"),
    Setting("optimizer_param", dict, {}, "A further argument of the optimizer, such as momentum=0.95."),
    Setting(
        "schedule", str, "constant", "How the learning rate changes: constant, cosine, step or one-cycle.",
        words="setting_schedule",
    ),
    Setting(
        "warm_up", float, 0.0, "Epochs, or a part of one, in which the learning rate rises to its schedule.",
        usual="none", words="setting_warm_up", stem="warm-up-{:g}", came_later=True,
    ),
    Setting(
        "weight_decay", float, None, "How much weights (no biases) are pulled towards 0.",
        usual="none; 0.01 of adamw", words="setting_weight_decay", stem="decay-{:g}", came_later=True,
    ),
    Setting(
        "clip_norm", float, 0.0, "The most that the norm of all derivatives together may be, such as 1.",
        usual="any", words="setting_clip_norm", stem="clip-{:g}", came_later=True,
    ),
    Setting(
        "ema", float, 0.0, "Judge and keep a moving average of the weights, which keeps so much of itself at "
        "each update, such as 0.999.",
        usual="none", words="setting_ema", stem="ema-{:g}", came_later=True,
    ),
    Setting(
        "engine", str, None, "fused (kernels) or layers (readable NumPy).",
        usual="fused where the kernels can", words="setting_engine", titled=False,
    ),
    Setting(
        "evaluate_samples", int, 1000, "Judge by the first so many images at each epoch's end.",
        least=1, most=100_000_000, words="setting_evaluate_samples", titled=False,
    ),
    Setting(
        "seed", int, 0, "Of the first weights and of the order of images.",
        least=0, most=2**63 - 1, labels=False, always=True, words="setting_seed", stem="seed-{}",
    ),
    Setting(
        "data", str, "mnist",
        "mnist, fashion-mnist, cifar10; a folder of pictures by class, or of four IDX files; or an .npz.",
        words="setting_data", titled=False,
    ),
    Setting(
        "size", str, "own", "Size of the pictures: 32, or HEIGHTxWIDTH; own for theirs.",
        words="setting_size", titled=False, came_later=True,
    ),
    Setting(
        "augment", dict, {}, "Vary training images anew in each epoch, by up to so much: shift=2 (pixels), "
        "rotate=15 (degrees), scale=0.2, shear=0.2, stroke=1 (pixels), flip=0.5 (a share). May be repeated.",
        words="setting_augment", bare=True, came_later=True,
    ),
    Setting(
        "label_smoothing", float, 0.0, "Spread so much of each label over all classes, 0 to below 1.",
        words="setting_label_smoothing", came_later=True,
    ),
    Setting(
        "threads", int, None, "Threads of the kernels.",
        least=1, most=1024, usual="the fastest", decides=False, labels=False,
    ),
)  # fmt: skip

SETTINGS: dict[str, Setting] = {row.name: row for row in _ROWS}
"""Every setting by name, in the order in which commands and pages say them."""


def checked(setting: Setting, value: Any) -> Any:  # noqa: ANN401
    """Return `value` if the row allows it; names that stand for something are looked up by who owns them.

    Raises:
        UsageError: it is of another type or out of range.
    """
    if setting.kind is int:
        if not isinstance(value, int) or isinstance(value, bool) or value < (setting.least or 0):
            raise _wrong(setting, f"an int ≥ {setting.least or 0}", value)
        if setting.most is not None and value > setting.most:
            raise _wrong(setting, f"an int ≤ {setting.most:,}", value)
    elif setting.kind is str and not (isinstance(value, str) and value.strip()):
        raise _wrong(setting, "a text that is not empty", value)
    return value


def fields_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a `RunConfig` for settings as a command or a design gives them; None is left out.

    >>> fields_of({"epochs": 3, "lr": 0.1, "optimizer_param": {"momentum": 0.5}, "engine": None})
    {'epochs': 3, 'optimizer_param': {'lr': 0.1, 'momentum': 0.5}}
    """
    fields = {name: value for name, value in given.items() if value is not None}
    param = fields.pop("optimizer_param", {})
    if not isinstance(param, Mapping):
        raise _wrong(SETTINGS["optimizer_param"], "numbers by name", param)
    for name in ("lr", "weight_decay"):
        if name in param:
            raise UsageError(f"`optimizer_param` of a run takes no {name}: it is a setting of its own.")
    if param or "lr" in fields:
        fields["optimizer_param"] = {"lr": fields.pop("lr", SETTINGS["lr"].default), **param}
    return fields


def settings_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return every setting that decides numbers, by name and in the table's order: `fields_of` backwards."""
    param = dict(fields["optimizer_param"])
    values = {**fields, "lr": param.pop("lr"), "optimizer_param": param}
    return {row.name: values[row.name] for row in SETTINGS.values() if row.decides}


def _wrong(setting: Setting, rule: str, value: object) -> UsageError:
    return UsageError(f"`{setting.name}` of a run must be {rule}. Got {shown(value)}.")
