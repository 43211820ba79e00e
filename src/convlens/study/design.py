"""A design: which experiments are run, as a TOML file. Must not know how a run is made, or a page.

A file is untrusted: pydantic checks it, and an unknown key is an error.
"""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from os import fspath
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from convlens.arguments import AnyPath, as_annotated
from convlens.errors import UsageError, shown, unread
from convlens.files import read_bytes, read_text
from convlens.mistaken import mistaken_for
from convlens.runs import SETTINGS, RunConfig, network_for
from convlens.toml_faults import toml_fault

__all__ = ["DESIGNS", "Design", "Experiment", "load_design"]

_NAME = r"^[a-z0-9][a-z0-9.-]*$"
_SHIPPED = Path(__file__).parent.parent / "experiments"
DESIGNS = tuple(sorted(path.stem for path in _SHIPPED.glob("*.toml")))
"""The designs in the package."""

_MOST_BYTES = 1 << 20  # of a design


@dataclass(frozen=True)
class Experiment:
    """One configuration, to be run with several seeds.

    Attributes:
        name: unique in its design; the runs' folders are called so.
        network: the network's name or file, as the command line takes it.
        config: the run with seed 0.
        seeds: how many runs it gets at most, or None for as many as asked for.
        group: what it can be left out by, such as "full"; None for one that is always in.
    """

    name: str
    network: str
    config: RunConfig
    seeds: int | None = None
    group: str | None = None


@dataclass(frozen=True)
class Design:
    """What is run: `experiments` in order, all with one seed before any gets the next."""

    name: str
    experiments: tuple[Experiment, ...]


_Settings = dict[str, Any]
"""A network and the settings of its runs, by their names; seeds come by themselves."""

_ALLOWED = ("network", *(name for name, row in SETTINGS.items() if row.labels))


class _Experiment(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)  # what is left over are settings

    name: str = Field(pattern=_NAME)
    seeds: int | None = Field(default=None, ge=1)
    group: str | None = Field(default=None, pattern=_NAME)

    @property
    def settings(self) -> _Settings:
        """Whatever is no field."""
        return self.__pydantic_extra__ or {}


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    format: Literal[1]
    name: str
    defaults: _Settings = {}
    quick: _Settings = {}
    experiments: list[_Experiment] = Field(min_length=1)


@as_annotated
def load_design(name_or_path: AnyPath, *, quick: bool = False, without: Collection[str] = ()) -> Design:
    """Return a shipped design by its name, or one from a .toml file.

    Args:
        name_or_path: such as "homework".
        quick: with the design's settings for a quick look.
        without: groups of experiments to leave out, such as {"full"}.

    Raises:
        UsageError: there is no such design or group, or the file is wrong; the message names the place.
    """
    path = _path(fspath(name_or_path))
    parsed = _parsed(path)
    groups = {experiment.group for experiment in parsed.experiments} - {None}
    for group in without:
        if group not in groups:
            known = ", ".join(sorted(map(str, groups))) or "none"
            raise UsageError(
                f"`without` of design {parsed.name} must name groups: {known}. Got {shown(group)}."
            )
    experiments = tuple(_experiment(e, parsed, quick) for e in parsed.experiments if e.group not in without)
    if not experiments:
        raise UsageError(f"design {parsed.name} has no experiment without {', '.join(without)}.")
    return Design(parsed.name, experiments)


def _parsed(path: Path) -> _File:
    """Read a design's file and check everything in it but the values of the runs' settings."""
    try:
        parsed = _File.model_validate(_toml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(f"{path}: `{where}`: {first['msg']}.") from None
    experiments = {f"experiments.{one.name}": one.settings for one in parsed.experiments}
    for place, settings in {"defaults": parsed.defaults, "quick": parsed.quick, **experiments}.items():
        for name in settings:
            if name not in _ALLOWED:
                rule = f"one of {', '.join(_ALLOWED)}"
                raise UsageError(f"{path}: a setting in `{place}` must be {rule}. Got {shown(name)}.")
    names = [experiment.name for experiment in parsed.experiments]
    if len(set(names)) < len(names):
        raise UsageError(f"{path}: experiments must have different names. Got {', '.join(names)}.")
    return parsed


def _path(name_or_path: str) -> Path:
    """Return where a design is, shipped or one's own."""
    if name_or_path.endswith(".toml"):
        return Path(name_or_path)
    if name_or_path not in DESIGNS:
        known = ", ".join(DESIGNS)
        raise UsageError(
            f"there is no design {shown(name_or_path)}. There are: {known}; or give a .toml file."
        )
    return _SHIPPED / f"{name_or_path}.toml"


def _toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds."""
    try:
        text = read_text(path, _MOST_BYTES)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}.") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not TOML{_instead(path, unread(error))}") from None
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise UsageError(f"{path} is nested too deeply.") from None
    except ValueError as error:  # not TOML, or a number of 5,000 digits
        raise UsageError(f"{path} is not TOML{_instead(path, toml_fault(text, error))}") from None


def _instead(path: Path, fault: str) -> str:
    """Say why a file is not TOML, or what it is instead, as the rest of the sentence."""
    kind = mistaken_for(read_bytes(path)[:1000])
    return f": {fault}." if kind is None or kind.startswith("a text") else f"; it is {kind}."


def _experiment(given: _Experiment, file: _File, quick: bool) -> Experiment:
    settings = {**file.defaults, **given.settings, **(file.quick if quick else {})}
    network = settings.pop("network", "simple")
    try:
        config = RunConfig.of(network_for(network, settings), settings)
    except UsageError as error:
        raise UsageError(f"design {file.name}, experiment {given.name}: {error}") from None
    return Experiment(given.name, network, config, given.seeds, given.group)
