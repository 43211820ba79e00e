"""Specs as files: TOML and JSON, both ways. Must not know arrays.

What comes from outside is believed nothing: a file may be no file, its text no TOML, a number five thousand
digits long. Every class checks its own fields; here it is checked that they are there, and no others.
"""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from convlens.arguments import as_annotated
from convlens.errors import SpecError, did_you_mean, shown, unread
from convlens.files import read_text
from convlens.mistaken import mistaken_for
from convlens.spec.layers import KINDS, LayerSpec
from convlens.spec.layers.residual import DEEPEST
from convlens.spec.named import named_network
from convlens.spec.network import NetworkSpec
from convlens.toml_faults import toml_fault

__all__ = ["find", "from_dict", "from_json", "from_toml", "to_dict", "to_toml"]

_MOST_BYTES = 1_000_000  # of a network's file: some ten thousand layers


@partial(as_annotated, refused=SpecError)
def to_dict(spec: NetworkSpec) -> dict[str, Any]:
    """Return the spec as plain data that JSON and TOML can hold; `from_dict` is its inverse."""
    layers = [_told(layer) for layer in spec.layers]
    rest = {name: getattr(spec, name) for name in _field_names(NetworkSpec) if name != "layers"}
    return {"format": 1, **_listed(rest), "layers": layers}


@partial(as_annotated, refused=SpecError)
def from_dict(data: Any, source: str = "the spec") -> NetworkSpec:  # noqa: ANN401
    """Return the spec that `data` describes.

    Args:
        data: as `to_dict` gives it; anything else is refused.
        source: what to call it in an error, such as the file's name.

    Raises:
        SpecError: one line that names the source, the field and the rule.
    """
    if not isinstance(data, dict):
        raise SpecError(f"{source}: a network is a table of keys and values. Got {shown(data)}.")
    rest = dict(data)
    version = rest.pop("format", 1)
    if type(version) is not int or version < 1:
        raise SpecError(f"{source}: `format` must be 1. Got {shown(version)}.")
    if version > 1:
        raise SpecError(f"{source}: format {shown(version)} is newer than this convlens; it reads format 1.")
    _require_known(NetworkSpec, rest, source)
    layers = rest.pop("layers", None)
    if not isinstance(layers, list):
        raise SpecError(f"{source}: `layers` must be a list of tables, [[layers]] in TOML.")
    return _made(NetworkSpec, {**rest, "layers": _way(layers, f"{source}, layer")}, source)


@partial(as_annotated, refused=SpecError)
def from_toml(text: str, source: str = "the spec") -> NetworkSpec:
    """Return the spec in a TOML text; an error names `source`."""
    return from_dict(_parsed(tomllib.loads, text, "TOML", source), source)


@partial(as_annotated, refused=SpecError)
def from_json(text: str, source: str = "the spec") -> NetworkSpec:
    """Return the spec in a JSON text; an error names `source`."""
    return from_dict(_parsed(json.loads, text, "JSON", source), source)


def find(name_or_file: str | Path) -> NetworkSpec:
    """Return a named network, or the one that a .toml or .json file describes.

    Raises:
        SpecError: there is no such network or file, or the file is wrong.
    """
    if not isinstance(name_or_file, str | Path):
        raise SpecError(f"a network is found by its name or its file. Got {shown(name_or_file)}.")
    path = Path(name_or_file)
    if path.suffix not in {".toml", ".json"}:
        return named_network(str(name_or_file))
    read = from_toml if path.suffix == ".toml" else from_json
    return read(_text(path), str(path))


@partial(as_annotated, refused=SpecError)
def to_toml(spec: NetworkSpec) -> str:
    """Return the spec as a TOML text for `from_toml`, written as a person would: `kernel_size = 5`."""
    data = to_dict(spec)
    layers = data.pop("layers")
    return "\n".join([_toml_lines(data), *_toml_tables("layers", layers)])


def _told(layer: LayerSpec) -> dict[str, Any]:
    """Return a layer as plain data, and those inside it likewise."""
    own = {name: value for name, value in _said(layer).items() if name not in layer.holds}
    ways = zip(layer.holds, layer.ways, strict=True)
    inside = {name: [_told(one) for one in way] for name, way in ways if way}
    return {"kind": layer.kind, **_listed(own), **inside}


def _way(layers: list[Any], where: str, depth: int = 1) -> list[LayerSpec]:
    """Return the specs of layers in a list; those inside of them are a deeper one."""
    if depth > DEEPEST:
        raise SpecError(f"{where}: layers may stand {DEEPEST} deep in each other, and no deeper.")
    return [_layer(layer, f"{where} {number}", depth) for number, layer in enumerate(layers, 1)]


def _layer(layer: Any, where: str, depth: int) -> LayerSpec:  # noqa: ANN401
    """Return one layer's spec."""
    if not isinstance(layer, dict):
        raise SpecError(f"{where}: a layer is a table with its `kind`. Got {shown(layer)}.")
    rest = dict(layer)
    kind = rest.pop("kind", None)
    if not isinstance(kind, str) or kind not in KINDS:
        near = did_you_mean(kind, KINDS)
        raise SpecError(f"{where}: `kind` must be one of {', '.join(KINDS)}. Got {shown(kind)}.{near}")
    _require_known(KINDS[kind], rest, where)
    for field in KINDS[kind].holds:
        if isinstance(rest.get(field), list):
            rest[field] = _way(rest[field], f"{where}, {field}", depth + 1)
    made: LayerSpec = _made(KINDS[kind], rest, where)
    return made


def _require_known(cls: type[Any], given: dict[str, Any], source: str) -> None:
    """Refuse keys that `cls` does not have, all of them at once."""
    known = _field_names(cls)
    unknown = [key for key in given if key not in known]
    if not unknown:
        return
    meant = get_close_matches(str(unknown[0])[:80], known, 1)
    remedy = f" Did you mean `{meant[0]}`?" if meant else ""
    named = ", ".join(f"`{key}`" if len(key) <= 60 else shown(key) for key in map(str, unknown[:5]))
    which = f"unknown key{'s' if len(unknown) > 1 else ''} {named}{', …' if len(unknown) > 5 else ''}"
    raise SpecError(f"{source}: {which}. Known: {', '.join(known)}.{remedy}")


def _made(cls: type[Any], given: dict[str, Any], source: str) -> Any:  # noqa: ANN401
    """Make a `cls` of known fields: that none is missing is seen here, what they hold by the class itself."""
    needed = [field.name for field in fields(cls) if field.default is MISSING]
    missing = [name for name in needed if name not in given]
    if missing:
        raise SpecError(f"{source}: `{missing[0]}` is missing. Needed: {', '.join(needed)}.")
    try:
        return cls(**given)
    except SpecError as error:
        raise SpecError(f"{source}: {error}") from None


def _said(layer: LayerSpec) -> dict[str, Any]:
    """Return what a file says of a layer, its kind aside."""
    values = {name: getattr(layer, name) for name in _field_names(type(layer))}
    return {name: value for name, value in values.items() if layer.unsaid.get(name, MISSING) != value}


def _field_names(cls: type[Any]) -> list[str]:
    """Return the names of a class's fields, in the order in which they are written."""
    return [field.name for field in fields(cls)]


def _parsed(parse: Callable[[str], Any], text: str, language: str, source: str) -> Any:  # noqa: ANN401
    try:
        return parse(text)
    except RecursionError:
        raise SpecError(f"{source} is not a network: its {language} is nested too deeply.") from None
    except ValueError as error:  # both parsers' own errors, and a number of more digits than Python reads
        kind = mistaken_for(text[:1000].encode("utf-8", "replace"))
        if (
            kind is None
            or kind.startswith("a text")
            or (language == "JSON" and kind.startswith("a JSON text"))
        ):
            kind = None
        fault = toml_fault(text, error) if language == "TOML" else _cut(unread(error))
        instead = f": {fault}." if kind is None else f"; it is {kind}."
        raise SpecError(f"{source} is not {language}{instead}") from None


def _cut(message: str) -> str:
    return message if len(message) <= 120 else f"{message[:117]}…"


def _text(path: Path) -> str:
    """Return the text of a file that is as small as a network's."""
    try:
        return read_text(path, _MOST_BYTES)
    except UnicodeDecodeError:
        kind = mistaken_for(path.read_bytes()[:1000])
        raise SpecError(f"{path} is not UTF-8 text{'' if kind is None else f'; it is {kind}'}.") from None
    except OSError as error:
        raise SpecError(f"cannot read {path}: {error.strerror or error}.") from None


def _short(value: Any) -> Any:  # noqa: ANN401
    """Write [5, 5] as 5."""
    return value[0] if isinstance(value, list) and value == [value[0]] * 2 else value


def _toml_tables(name: str, layers: list[dict[str, Any]]) -> Iterator[str]:
    """Yield one table a layer, and behind it those of the layers inside: [[layers.shortcut]]."""
    for layer in layers:
        ways = [key for key in KINDS[layer["kind"]].holds if key in layer]
        plain = {key: _short(value) for key, value in layer.items() if key not in ways}
        yield f"[[{name}]]\n{_toml_lines(plain)}"
        for key in ways:
            yield from _toml_tables(f"{name}.{key}", layer[key])


def _toml_lines(table: dict[str, Any]) -> str:
    """Return `key = value` lines: JSON writes texts, numbers and lists of numbers as TOML does."""
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())


def _listed(table: dict[str, Any]) -> dict[str, Any]:
    """Return a table without what is None, its tuples as lists."""
    said = {key: value for key, value in table.items() if value is not None}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in said.items()}
