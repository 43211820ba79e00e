"""A network's parameters as a file, with the spec that they belong to. Must not know networks or training."""

import json
import sys
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from convlens import spec
from convlens._typing import Array
from convlens.errors import DataError, MissingArrayError, MissingFileError, SpecError, WrongTypeError, shown
from convlens.networks.weights import read_arrays, read_metadata, require_finite, write_arrays

__all__ = ["found_file", "path_of", "read_network", "read_params", "write_params"]


def path_of(file_name: Any) -> Path:  # noqa: ANN401
    """Return a file's name as a path."""
    if not isinstance(file_name, str | PathLike) or not str(file_name):
        raise WrongTypeError(
            f"`file_name` must be a file's name, such as params.pkl. Got {shown(file_name)}."
        )
    return Path(file_name)


def found_file(file_name: Any, is_beside_first: bool = False) -> Path:  # noqa: ANN401
    """Return the file that a name means: the one in the working folder, or else the one beside the script.

    Args:
        file_name: relative to either; an absolute path is that.
        is_beside_first: look beside the script first, as the book's Korean edition does; the Japanese one
            looks in the working folder.

    Raises:
        MissingFileError: there is none in either; the message names the folders.
    """
    path = path_of(file_name)
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    places = [path] if script is None else [path, Path(script).absolute().parent / path]
    for place in reversed(places) if is_beside_first else places:
        if _is_there(place):
            return place
    folders = dict.fromkeys(str(place.absolute().parent) for place in places)
    raise MissingFileError(f"cannot read {path}: there is no such file in {', nor in '.join(folders)}.")


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have: opening it says so
        return True


def write_params(path: Path, described: spec.NetworkSpec, seed: int, params: Mapping[str, Array]) -> None:
    """Write parameters: as safetensors with the spec inside, or as the book's pickle if it ends in .pkl."""
    write_arrays(path, params, {"spec": json.dumps(spec.to_dict(described)), "seed": str(seed)})


def read_params(path: Path, described: spec.NetworkSpec) -> dict[str, Array]:
    """Return the parameters of a network, trained or not, from a safetensors file or a pickle of the book.

    Raises:
        DataError: the file is missing or damaged, or its arrays are not this network's.
    """
    arrays, wanted = read_arrays(path), described.parameter_shapes
    found = {name: value.shape for name, value in arrays.items()}
    if found != wanted:
        name = next(name for name in [*wanted, *found] if wanted.get(name) != found.get(name))
        kind = DataError if name in found else MissingArrayError
        raise kind(
            f"{path} does not fit {described.name}: `{name}` must be "
            f"{wanted.get(name, 'absent')}. Got {found.get(name, 'none')}."
        )
    require_finite(arrays, described.dtype, path)
    return arrays


def read_network(path: Path) -> tuple[spec.NetworkSpec, int]:
    """Return the spec and the seed that a safetensors file of parameters holds.

    Raises:
        DataError: the file is missing or damaged, or holds neither.
    """
    metadata = read_metadata(path)
    if "spec" not in metadata:
        raise DataError(f"{path} does not say what network it is; build it and use load_params.")
    try:
        described = spec.from_json(str(metadata["spec"]), "its spec")
    except SpecError as error:
        raise DataError(f"{path} is damaged: {error}") from None
    seed = str(metadata.get("seed", "0"))
    if not (seed.isascii() and seed.isdigit() and len(seed) <= 40):
        raise DataError(f"{path} is damaged: its seed must be an int ≥ 0. Got {shown(seed)}.")
    return described, int(seed)
