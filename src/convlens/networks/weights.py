"""Arrays by name in files: safetensors both ways, and the book's pickles without running them.

Must not know networks.
"""

import json
import pickle
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from convlens._typing import Array
from convlens.errors import DataError
from convlens.files import write_bytes
from convlens.networks.pickles import is_pickle, unpickled

__all__ = ["read_arrays", "read_metadata", "write_arrays"]


def write_arrays(path: Path, arrays: Mapping[str, Array], metadata: Mapping[str, str] | None = None) -> None:
    """Write arrays atomically: as safetensors, or as the book's pickle if the name ends in .pkl.

    Args:
        path: where to; its folder must exist.
        arrays: by name.
        metadata: texts to keep beside them (safetensors only).
    """
    plain = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    if path.suffix == ".pkl":
        write_bytes(path, pickle.dumps(plain, protocol=4))
        return
    from safetensors.numpy import save  # noqa: PLC0415 (lazy: `convlens --help` needs no arrays)

    write_bytes(path, save(plain, dict(metadata) if metadata else None))


def read_arrays(path: Path) -> dict[str, Array]:
    """Read arrays from a safetensors file or from a pickle of the book; the content decides, not the name.

    Raises:
        DataError: the file is missing, damaged, or a pickle that holds anything but arrays.
    """
    content = _content(path)
    if is_pickle(content):
        return _unpickled(content, path)
    from safetensors import SafetensorError  # noqa: PLC0415
    from safetensors.numpy import load  # noqa: PLC0415

    try:
        return {name: np.array(array) for name, array in load(content).items()}
    except (SafetensorError, KeyError, ValueError) as error:
        kinds = "neither a whole safetensors file nor a pickle of protocol 2 or later"
        raise DataError(f"{path} is {kinds} ({error}).") from None


def read_metadata(path: Path) -> dict[str, str]:
    """Return the texts that `write_arrays` kept in a safetensors file."""
    content = _content(path)
    size = int.from_bytes(content[:8], "little")
    try:
        header = json.loads(content[8 : 8 + size])
        return dict(header.get("__metadata__", {}))
    except (ValueError, AttributeError) as error:
        raise DataError(f"{path} is not a whole safetensors file ({error}).") from None


def _content(path: Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}.") from None


def _unpickled(content: bytes, path: Path) -> dict[str, Array]:
    try:
        return unpickled(content)
    except pickle.UnpicklingError as error:
        raise DataError(f"{path} is refused: {_one_line(error)}") from None
    except Exception as error:  # noqa: BLE001 (a damaged pickle can fail in any way)
        said = f"{type(error).__name__}: {_one_line(error)}"
        raise DataError(f"{path} is not a whole pickle ({said}).") from None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
