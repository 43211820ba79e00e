"""`check.toml`: how the classes of a file are made, where their arguments' names do not say so.

    [MyLayer]
    arguments = { n = 3, weights = { shape = [3, 4] } }
    input = [2, 3]
    forward = "call"
    backward = "pullback"
    gradients = { weights = "g" }

Must not know the classes.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from convlens.check.names import Names
from convlens.errors import UsageError, did_you_mean, shown, unread
from convlens.files import explained, read_text
from convlens.toml_faults import toml_fault

__all__ = ["NAME", "Told", "read_told"]

NAME = "check.toml"
_KEYS = ("arguments", "input", "forward", "backward", "gradients")
_METHODS = ("forward", "backward")
_LARGEST = 100_000  # entries of an array that is asked for


@dataclass(frozen=True)
class Told:
    """What somebody said of one class.

    Attributes:
        arguments: of its constructor, or None; a table with `shape` stands for an array of chance.
        input: the shape of an input.
        names: what its methods and arrays are called.
    """

    arguments: Mapping[str, Any] | None = None
    input: tuple[int, ...] = ()
    names: Names = field(default_factory=Names)

    def values(self) -> dict[str, Any]:
        """Return the arguments, with arrays where shapes stand."""
        rng = np.random.default_rng(1)
        return {name: 0.5 * rng.normal(size=one["shape"]) if isinstance(one, dict) else one
                for name, one in (self.arguments or {}).items()}  # fmt: skip


def read_told(path: Path) -> dict[str, Told]:
    """Return what a `check.toml` says, by class; nothing where there is no such file.

    Raises:
        UsageError: it is no TOML, or says something else than this.
    """
    if not path.exists():
        return {}
    with explained("read", path):
        try:
            text = read_text(path, 1 << 20)
        except UnicodeError as error:
            raise UsageError(f"{path} is no text: {unread(error)}.") from None
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is not TOML: {toml_fault(text, error)}.") from None
    return {name: _told(path, name, table) for name, table in data.items()}


def _told(path: Path, name: str, table: Any) -> Told:  # noqa: ANN401
    where = f"[{name}] of {path}"
    if not isinstance(table, dict):
        raise UsageError(f"{where} must be a table of {', '.join(_KEYS)}. Got {shown(table)}.")
    for key in table:
        if key not in _KEYS:
            rule = f"may hold {', '.join(_KEYS)}"
            raise UsageError(f"{where} {rule}. Got {shown(key)}.{did_you_mean(key, _KEYS)}")
    arguments = _table(table.get("arguments"), f"`arguments` in {where}")
    for key, value in (arguments or {}).items():
        if isinstance(value, dict):
            _shape(value.get("shape"), f"`{key}.shape` in {where}")
    methods = {
        key: (_text(table[key], f"`{key}` in {where}"),) for key in ("forward", "backward") if key in table
    }
    gradients = _table(table.get("gradients"), f"`gradients` in {where}") or {}
    named = {key: _text(value, f"`gradients` in {where}") for key, value in gradients.items()}
    shape = _shape(table["input"], f"`input` in {where}") if "input" in table else ()
    return Told(arguments, shape, Names(**methods, gradients=named))


def _table(value: Any, what: str) -> dict[str, Any] | None:  # noqa: ANN401
    if value is not None and not isinstance(value, dict):
        raise UsageError(f"{what} must be a table, such as {{ n = 3 }}. Got {shown(value)}.")
    return value


def _text(value: Any, what: str) -> str:  # noqa: ANN401
    if not isinstance(value, str) or not value:
        raise UsageError(f"{what} must be a name. Got {shown(value)}.")
    return value


def _shape(value: Any, what: str) -> tuple[int, ...]:  # noqa: ANN401
    is_list = isinstance(value, list) and value and all(type(one) is int and one > 0 for one in value)
    if not is_list or float(np.prod([float(one) for one in value])) > _LARGEST:
        raise UsageError(f"{what} must be a shape, such as [2, 3], of {_LARGEST:,} entries at most. "
                         f"Got {shown(value)}.")  # fmt: skip
    return tuple(value)
