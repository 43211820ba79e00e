"""Arrays by name in files: safetensors both ways, and the book's pickles without running them.

Must not know networks.
"""

import io
import json
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from convlens._typing import Array
from convlens.errors import DataError
from convlens.files import write_bytes

__all__ = ["read_arrays", "read_metadata", "write_arrays"]


def write_arrays(path: Path, arrays: Mapping[str, Array], metadata: Mapping[str, str] | None = None) -> None:
    """Write arrays atomically: as safetensors, or as the book's pickle if the name ends in .pkl.

    Args:
        path: where to; its folder must exist.
        arrays: by name.
        metadata: texts to keep beside them (safetensors only).
    """
    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
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
    if content[:1] == b"\x80":
        return _unpickled(content, path)
    from safetensors import SafetensorError  # noqa: PLC0415
    from safetensors.numpy import load  # noqa: PLC0415

    try:
        return {name: np.array(array) for name, array in load(content).items()}
    except (SafetensorError, KeyError, ValueError) as error:
        raise DataError(f"{path} is not a whole safetensors file ({error}).") from None


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
        loaded = _ArrayUnpickler(io.BytesIO(content)).load()
    except pickle.UnpicklingError as error:
        raise DataError(f"{path} is refused: {error}") from None
    except Exception as error:  # noqa: BLE001 (a damaged pickle can fail in any way)
        raise DataError(f"{path} is not a whole pickle ({type(error).__name__}: {error}).") from None
    if not isinstance(loaded, dict):
        raise DataError(f"{path} must hold a dict of arrays. Got {type(loaded).__name__}.")
    for name, value in loaded.items():
        if not isinstance(name, str) or not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu":
            raise DataError(
                f"{path} must hold arrays of numbers by name. Got {name!r}: {type(value).__name__}."
            )
    return loaded


def _reconstruct(subtype: type, shape: tuple[int, ...], _typecode: bytes) -> Array:
    """Stand in for NumPy's own: an empty array, whose state comes next in the pickle."""
    if subtype is not np.ndarray or shape != (0,):
        raise pickle.UnpicklingError("it builds something other than an array.")
    return np.ndarray((0,), np.int8)


def _from_buffer(buffer: bytes, dtype: np.dtype[Any], shape: tuple[int, ...], order: str) -> Array:
    return np.frombuffer(buffer, dtype).reshape(shape, order="F" if order == "F" else "C").copy()


def _encode(text: str, encoding: str) -> bytes:
    """Stand in for `_codecs.encode`, with which old pickles write bytes."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"it uses the encoding {encoding}.")
    return text.encode("latin1")


def _dtype(code: str, *_: Any) -> np.dtype[Any]:  # noqa: ANN401
    dtype = np.dtype(code)
    if dtype.kind not in "fiu":
        raise pickle.UnpicklingError(f"it holds values of type {dtype}, not numbers.")
    return dtype


class _ArrayUnpickler(pickle.Unpickler):
    """Admits NumPy arrays of numbers and nothing else: any other name stops it before anything runs."""

    _ADMITTED: dict[tuple[str, str], Callable[..., Any]] = {  # noqa: RUF012 (never changed)
        (f"numpy.{core}.{module}", name): function
        for core in ("core", "_core")
        for module, name, function in (
            ("multiarray", "_reconstruct", _reconstruct),
            ("numeric", "_frombuffer", _from_buffer),
        )
    }
    _ADMITTED["numpy", "ndarray"] = np.ndarray
    _ADMITTED["numpy", "dtype"] = _dtype
    _ADMITTED["_codecs", "encode"] = _encode

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        if (module, name) not in self._ADMITTED:
            raise pickle.UnpicklingError(
                f"it names {module}.{name}; only NumPy arrays are read from a pickle."
            )
        return self._ADMITTED[module, name]
