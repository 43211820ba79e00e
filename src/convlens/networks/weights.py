"""Arrays by name in files: safetensors both ways, and the book's pickles without running them.

Must not know networks.
"""

import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.arguments import AnyPath, as_annotated
from convlens.arrays import as_array
from convlens.errors import DamagedFileError, DataError, UsageError, one_line, shown, unreadable
from convlens.files import read_bytes, write_bytes
from convlens.mistaken import mistaken_for
from convlens.networks.pickles import is_old_pickle, is_pickle, unpickled
from convlens.networks.tensors import NotTensorsError, Tensors

__all__ = ["read_arrays", "read_metadata", "require_finite", "write_arrays"]


@as_annotated
def write_arrays(path: AnyPath, arrays: Mapping[str, Any], metadata: Mapping[str, str] | None = None) -> None:
    """Write arrays atomically: as safetensors, or as the book's pickle if the name ends in .pkl.

    Args:
        path: where to; its folder must exist.
        arrays: by name.
        metadata: texts to keep beside them (safetensors only).
    """
    path = Path(path)
    plain = {name: _plain(name, array) for name, array in arrays.items()}
    if path.suffix == ".pkl":
        write_bytes(path, pickle.dumps(plain, protocol=4))
        return
    from safetensors.numpy import save  # noqa: PLC0415 (lazy: `convlens --help` needs no arrays)

    write_bytes(path, _in_order(save(plain, dict(metadata) if metadata else None)))


def _plain(name: str, array: Any) -> Array:  # noqa: ANN401
    """Return what a file can hold: numbers, one after the other."""
    plain = np.asarray(as_array(f"`{name}` of write_arrays", array), order="C")
    if plain.dtype.kind not in "biuf":
        raise UsageError(f"`{name}` of write_arrays must be an array of numbers. Got {shown(array)}.")
    return plain


def _in_order(content: bytes) -> bytes:
    """Return a safetensors file with its texts sorted by name: the library writes them in any order."""
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])
    if "__metadata__" in header:
        header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # what follows stays aligned
    return len(text).to_bytes(8, "little") + text + content[8 + size :]


@as_annotated
def read_arrays(path: AnyPath) -> dict[str, Array]:
    """Read arrays from a safetensors file or from a pickle of the book; the content decides, not the name.

    Raises:
        DataError: the file is missing, damaged, or a pickle that holds anything but arrays.
    """
    path = Path(path)
    content = _content(path)
    return _unpickled(content, path) if is_pickle(content) else _tensors(content, path).arrays()


def require_finite(arrays: Mapping[str, Array], dtype: str, owner: object) -> None:
    """Refuse weights that are no numbers, or none in the network's own type: every score would be NaN.

    Raises:
        DataError: which array holds them.
    """
    for name, array in arrays.items():
        with np.errstate(over="ignore", invalid="ignore"):
            finite = np.isfinite(array.astype(dtype, copy=False))
        if not finite.all():
            wrong = finite.size - int(np.count_nonzero(finite))
            raise DataError(
                f"{owner} holds values in {shown(name)} that are NaN, infinite or beyond {dtype}: "
                f"{wrong:,} of {array.size:,}."
            )


def read_metadata(path: Path) -> dict[str, str]:
    """Return the texts that `write_arrays` kept in a safetensors file."""
    return _tensors(_content(path), path).metadata


def _content(path: Path) -> bytes:
    try:
        return read_bytes(path)
    except OSError as error:
        raise unreadable(f"cannot read {path}: {error.strerror or error}.", error) from None
    except MemoryError:
        raise DataError(f"{path} does not fit in memory.") from None


def _tensors(content: bytes, path: Path) -> Tensors:
    """Return a safetensors file's content; what is none is called what it is."""
    try:
        return Tensors(content)
    except NotTensorsError as error:
        if is_old_pickle(content):
            remedy = "`pickle.dump(params, file, protocol=4)` writes it anew"
            raise DamagedFileError(
                f"{path} is a pickle of protocol 0 or 1, which is not read: {remedy}."
            ) from None
        if (kind := mistaken_for(content[:1000])) is not None:
            raise DamagedFileError(f"{path} holds no weights; it is {kind}.") from None
        kinds = "neither a whole safetensors file nor a pickle of protocol 2 or later"
        raise DamagedFileError(f"{path} is {kinds} ({error}).") from None


def _unpickled(content: bytes, path: Path) -> dict[str, Array]:
    try:
        return unpickled(content)
    except pickle.UnpicklingError as error:
        raise DamagedFileError(f"{path} is refused: {one_line(error)}") from None
    except Exception as error:  # noqa: BLE001 (a damaged pickle can fail in any way)
        said = f"{type(error).__name__}: {one_line(error)}"
        raise DamagedFileError(f"{path} is not a whole pickle ({said}).") from None
