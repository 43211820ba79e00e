"""The book's pickles of arrays, read without running them. Must not know networks.

A pickle is a program: it names functions and calls them. This reader admits the few names with which
arrays and an OrderedDict of them are written, and stands harmless functions of its own in for each of them,
so that nothing of NumPy's is called with a stranger's arguments.
"""

import io
import pickle
import pickletools
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from convlens._typing import Array

__all__ = ["is_pickle", "unpickled"]


def is_pickle(content: bytes) -> bool:
    """Say whether `content` begins as a pickle of protocol 2 or later does, and not as a safetensors file.

    Every 32nd safetensors file begins with the same byte, because its header's length happens to.
    """
    header = int.from_bytes(content[:8], "little")
    is_safetensors = content[8:9] == b"{" and header <= len(content) - 8
    return content[:1] == b"\x80" and not is_safetensors


def unpickled(content: bytes) -> dict[str, Array]:
    """Return the arrays in a pickle of a dict.

    Raises:
        pickle.UnpicklingError: it holds anything but arrays of numbers by name; nothing of it has run.
        Exception: of any other kind, if it is damaged.
    """
    for opcode, argument, _ in pickletools.genops(content):
        # A memo is allocated on the word of its largest index.
        if "PUT" in opcode.name and (argument or 0) >= len(content):
            raise pickle.UnpicklingError("it asks for more memory than it can fill.")
    loaded = _ArrayUnpickler(io.BytesIO(content)).load()
    if not isinstance(loaded, dict):
        raise pickle.UnpicklingError(f"it must hold a dict of arrays. Got {type(loaded).__name__}.")
    for name, value in loaded.items():
        if not isinstance(name, str) or not isinstance(value, _Array) or value.array is None:
            raise pickle.UnpicklingError(f"it must hold arrays of numbers by name. Got {name!r}.")
    return {name: value.array for name, value in loaded.items()}


class _Dtype:
    """Stands in for `numpy.dtype`: first the kind and size, then the byte order."""

    def __init__(self, code: str, *_: Any) -> None:  # noqa: ANN401
        dtype = np.dtype(str(code))
        if dtype.kind not in "fiu":
            raise pickle.UnpicklingError(f"it holds values of type {dtype}, not numbers.")
        self.dtype = dtype

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.dtype = self.dtype.newbyteorder(state[1])


class _Array:
    """Stands in for `numpy.ndarray`: empty at first, until its state comes."""

    def __init__(self, array: Array | None = None) -> None:
        self.array = array

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _version, shape, dtype, is_fortran, content = state
        self.array = _values(content, dtype).reshape(shape, order="F" if is_fortran else "C")


def _values(content: bytes, dtype: Any) -> Array:  # noqa: ANN401
    """Return the numbers in `content` as a new, native array."""
    if not isinstance(content, bytes | bytearray) or not isinstance(dtype, _Dtype):
        raise pickle.UnpicklingError("it holds something other than numbers.")
    return np.frombuffer(content, dtype.dtype).astype(dtype.dtype.newbyteorder("="))


def _reconstruct(subtype: object, shape: object, _typecode: object) -> _Array:
    """Stand in for NumPy's own: an empty array, whose state comes next in the pickle."""
    if subtype != _NDARRAY or shape != (0,):
        raise pickle.UnpicklingError("it builds something other than an array.")
    return _Array()


def _from_buffer(content: bytes, dtype: Any, shape: Any, order: str, axes: Any = None) -> _Array:  # noqa: ANN401
    """Stand in for NumPy's own, with which protocol 5 writes arrays."""
    array = _values(content, dtype).reshape(shape, order="F" if order == "F" else "C")
    return _Array(array if axes is None else array.transpose(axes))


def _encode(text: str, encoding: str) -> bytes:
    """Stand in for `_codecs.encode`, with which old pickles write bytes."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"it uses the encoding {encoding}.")
    return text.encode("latin1")


def _dict() -> dict[Any, Any]:
    """Stand in for `OrderedDict`, which is filled after it has been made."""
    return {}


_NDARRAY = "numpy.ndarray"  # a word, not the class: nothing can be built with it

_ADMITTED: dict[tuple[str, str], Callable[..., Any]] = {
    **{(f"numpy.{core}.multiarray", "_reconstruct"): _reconstruct for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): _from_buffer for core in ("core", "_core")},
    ("collections", "OrderedDict"): _dict,
    ("numpy", "dtype"): _Dtype,
    ("_codecs", "encode"): _encode,
}


class _ArrayUnpickler(pickle.Unpickler):
    """Admits NumPy arrays of numbers and an OrderedDict of them.

    Any other name stops it before anything runs.
    """

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        if (module, name) == ("numpy", "ndarray"):
            return _NDARRAY
        if (module, name) not in _ADMITTED:
            raise pickle.UnpicklingError(
                f"it names {module}.{name}; only NumPy arrays are read from a pickle."
            )
        return partial(_ADMITTED[module, name])  # a new one: a pickle may change what it has been given
