"""Specs as files: TOML and JSON, both ways. Must not know arrays.

Everything that comes from outside goes through pydantic, and an unknown key is an error.
"""

import json
import tomllib
from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any

from convlens.errors import SpecError
from convlens.files import read_text
from convlens.spec.layers import Affine, Convolution, LayerSpec, Pooling, Relu, Sigmoid
from convlens.spec.named import named
from convlens.spec.network import NetworkSpec

__all__ = ["KINDS", "from_dict", "load", "loads", "to_dict", "to_toml"]

KINDS: dict[str, type[LayerSpec]] = {cls.kind: cls for cls in (Convolution, Pooling, Relu, Sigmoid, Affine)}
"""The layers that a file may name."""


def to_dict(spec: NetworkSpec) -> dict[str, Any]:
    """Return the spec as plain data that JSON and TOML can hold; `from_dict` is its inverse."""
    layers = []
    for layer in spec.layers:
        fields = {key: value for key, value in asdict(layer).items() if value is not None}
        layers.append({"kind": layer.kind, **_listed(fields)})
    rest = {
        field.name: getattr(spec, field.name) for field in dataclass_fields(spec) if field.name != "layers"
    }
    return {"format": 1, **_listed(rest), "layers": layers}


def from_dict(data: dict[str, Any], source: str = "the spec") -> NetworkSpec:
    """Return the spec that `data` describes.

    Args:
        data: as `to_dict` gives it.
        source: what to call it in an error, such as the file's name.

    Raises:
        SpecError: one line that names the source, the field and the rule.
    """
    if not isinstance(data, dict):
        raise SpecError(f"{source}: a network is a table of keys and values.")
    rest = dict(data)
    if rest.pop("format", 1) != 1:
        raise SpecError(
            f"{source}: format {data['format']!r} is newer than this convlens; it reads format 1."
        )
    layers = rest.pop("layers", None)
    if not isinstance(layers, list):
        raise SpecError(f"{source}: `layers` must be a list of tables, [[layers]] in TOML.")
    made = []
    for number, layer in enumerate(layers, 1):
        where = f"{source}, layer {number}"
        fields = dict(layer) if isinstance(layer, dict) else {}
        kind = fields.pop("kind", None)
        if not isinstance(kind, str) or kind not in KINDS:
            raise SpecError(f"{where}: `kind` must be one of {', '.join(KINDS)}. Got {kind!r}.")
        made.append(_validated(KINDS[kind], fields, where))
    network: NetworkSpec = _validated(NetworkSpec, {**rest, "layers": made}, source)
    return network


def loads(text: str, source: str = "the spec") -> NetworkSpec:
    """Return the spec in a TOML text."""
    try:
        return from_dict(tomllib.loads(text), source)
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{source} is not TOML: {error}.") from None


def load(name_or_path: str) -> NetworkSpec:
    """Return a named network, or the one that a .toml or .json file describes.

    Raises:
        SpecError: there is no such network or file, or the file is wrong.
    """
    path = Path(name_or_path)
    if path.suffix not in {".toml", ".json"}:
        return named(name_or_path)
    try:
        text = read_text(path)
    except OSError as error:
        raise SpecError(f"cannot read {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SpecError(f"{path} is not UTF-8 text.") from None
    if path.suffix == ".toml":
        return loads(text, str(path))
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise SpecError(f"{path} is not JSON: {error}.") from None
    return from_dict(data, str(path))


def to_toml(spec: NetworkSpec) -> str:
    """Return the spec as a TOML text, which `loads` reads, written as a person would: `kernel_size = 5`."""
    data = to_dict(spec)
    layers = [{key: _short(value) for key, value in layer.items()} for layer in data.pop("layers")]
    return "\n".join([_toml_lines(data), *(f"[[layers]]\n{_toml_lines(layer)}" for layer in layers)])


def _short(value: Any) -> Any:  # noqa: ANN401
    """Write [5, 5] as 5."""
    return value[0] if isinstance(value, list) and value == [value[0]] * 2 else value


def _toml_lines(table: dict[str, Any]) -> str:
    """Return `key = value` lines: JSON writes texts, numbers and lists of numbers as TOML does."""
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())


def _listed(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in fields.items()}


def _validated(cls: type[Any], fields: dict[str, Any], source: str) -> Any:  # noqa: ANN401
    """Make a `cls` from untrusted fields: types by pydantic, ranges by the class itself."""
    from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config  # noqa: PLC0415 (lazy: 0.1 s)

    known = [field.name for field in dataclass_fields(cls)]
    unknown = sorted(set(fields) - set(known))
    flags = [key for key, value in fields.items() if isinstance(value, bool)]
    if flags:  # pydantic would read true as 1
        raise SpecError(f"{source}: `{flags[0]}` must not be true or false.")
    if unknown:
        raise SpecError(f"{source}: unknown key `{unknown[0]}`. Known: {', '.join(known)}.")
    try:
        return TypeAdapter(with_config(ConfigDict(extra="forbid", strict=False))(cls)).validate_python(fields)
    except ValidationError as error:
        first = error.errors()[0]
        own = first.get("ctx", {}).get("error")
        if isinstance(own, SpecError):  # a range, checked by the class itself
            raise SpecError(f"{source}: {own}") from None
        where = ".".join(str(part) for part in first["loc"])
        raise SpecError(f"{source}: `{where}`: {first['msg']}. Got {first['input']!r}.") from None
