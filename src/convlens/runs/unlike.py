"""In what one run's settings are not another's, in words that name them. Must not know folders."""

from collections.abc import Mapping
from dataclasses import fields

from convlens.errors import shown
from convlens.runs.config import RunConfig
from convlens.runs.data import named
from convlens.spec import NetworkSpec

__all__ = ["unlike"]


def unlike(asked: RunConfig, there: RunConfig) -> list[str]:
    """Return which settings of the run that is there are not those that were asked for.

    Each as "lr 0.001, not 0.002"; of networks with one name, what of them differs.
    """
    told = _networks_apart(asked.network, there.network)
    for name, value in asked.settings.items():
        ours, theirs = (named(one) if name == "data" else one for one in (value, there.settings[name]))
        if ours != theirs:
            told.append(f"{name} {_plainly(theirs)}, not {_plainly(ours)}")
    return told


def _networks_apart(ours: NetworkSpec, theirs: NetworkSpec) -> list[str]:
    """Return in what two networks differ: their names, or else what of them."""
    if ours.name != theirs.name:
        return [f"network {_plainly(theirs.name)}, not {_plainly(ours.name)}"]
    apart = [one.name for one in fields(NetworkSpec) if getattr(ours, one.name) != getattr(theirs, one.name)]
    return [f"a {_plainly(ours.name)} with other {' and '.join(apart)}"] if apart else []


def _plainly(value: object) -> str:
    """Write a value as one types it, of bounded length."""
    if isinstance(value, Mapping):
        value = " ".join(f"{key}={number}" for key, number in value.items()) or "none"
    return shown(value).strip("'") if isinstance(value, str) else shown(value)
